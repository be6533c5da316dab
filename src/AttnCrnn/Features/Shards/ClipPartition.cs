using System.Globalization;
using AttnCrnn.Options;

namespace AttnCrnn.Features.Shards;

/// <summary>Partition of the clips that one of several independent runs extracts (<c>shard</c>).</summary>
/// <param name="Index">Index of the partition, from 1.</param>
/// <param name="Count">Number of partitions.</param>
public readonly record struct ClipPartition(int Index, int Count)
{
    private const int MaxCount = 1_000_000;

    /// <summary>All clips.</summary>
    public static ClipPartition All { get; } = new(1, 1);

    /// <summary>Parses the command line options.</summary>
    /// <param name="shard">
    /// <c>I/N</c> with I from 1 to N, or <c>auto</c> to use the environment variables of a Slurm array job or a
    /// Kubernetes indexed job.
    /// </param>
    /// <param name="shards">Number of partitions, for Kubernetes, which sets only an index.</param>
    /// <param name="variable">Reads an environment variable.</param>
    /// <exception cref="InvalidInputException">The value is invalid, or a variable is missing.</exception>
    public static ClipPartition Parse(string shard, int? shards, Func<string, string?> variable)
    {
        if (shard == "auto")
            return ParseAuto(shards, variable);
        if (shards is not null)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Shards} {shards}: valid only with {OptionKeys.Shard} auto; "
                        + $"{OptionKeys.Shard} {shard} sets the number of shards"
                )
            );
        if (shard.Split('/') is [var indexText, var countText])
        {
            var index = ParsePositive(indexText);
            var count = ParsePositive(countText);
            if (index is not null && count is not null && index <= count)
                return new(index.Value, count.Value);
        }
        throw new InvalidInputException(
            OptionText.Create($"{OptionKeys.Shard} {shard}: expected I/N with I from 1 to N, as in 1/4, or auto")
        );
    }

    private static ClipPartition ParseAuto(int? shards, Func<string, string?> variable)
    {
        if (variable("SLURM_ARRAY_TASK_ID") is not null)
            return FromSlurm(shards, variable);
        if (variable("JOB_COMPLETION_INDEX") is not null)
            return FromKubernetes(shards, variable);
        throw new InvalidInputException(
            OptionText.Create(
                $"{OptionKeys.Shard} auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set, so this is not "
                    + $"an array job; use {OptionKeys.Shard} I/N"
            )
        );
    }

    private static ClipPartition FromSlurm(int? shards, Func<string, string?> variable)
    {
        long id = ParseInt32("SLURM_ARRAY_TASK_ID", 0, variable);
        long min = ParseInt32("SLURM_ARRAY_TASK_MIN", 0, variable);
        long step = ParseInt32("SLURM_ARRAY_TASK_STEP", 1, variable);
        var count = ParseInt32("SLURM_ARRAY_TASK_COUNT", 1, variable);
        if (shards is not null && shards != count)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Shards} {shards}: the Slurm array has {count} tasks; omit {OptionKeys.Shards}, "
                        + $"or specify the partition, as in {OptionKeys.Shard} $SLURM_ARRAY_TASK_ID/{shards}"
                )
            );
        // For a list such as 1,3,7 Slurm sets count 3 and step 1, and no task can tell which is the second. The maximum
        // lets every task detect this; without it, only the task out of range would fail, and the others would take
        // wrong partitions.
        var lastId = min + ((count - 1) * step);
        var max = variable("SLURM_ARRAY_TASK_MAX") is null ? lastId : ParseInt32("SLURM_ARRAY_TASK_MAX", 0, variable);
        return max == lastId && id >= min && id <= lastId && (id - min) % step == 0 && count <= MaxCount
            ? new((int)((id - min) / step) + 1, count)
            : throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Shard} auto: task {id} of {count}, from {min} to {max} in steps of {step}, is not in "
                        + $"a range of {count}; specify the array as one range, as in --array=1-{count}, or the "
                        + $"partition, as in {OptionKeys.Shard} $SLURM_ARRAY_TASK_ID/N"
                )
            );
    }

    private static ClipPartition FromKubernetes(int? shards, Func<string, string?> variable)
    {
        if (shards is not (>= 1 and <= MaxCount))
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Shard} auto: Kubernetes sets the index of this pod but not the number of pods; use "
                        + $"{OptionKeys.Shards} N with the job's number of completions"
                        + $"{(shards is null ? "" : $" (not {shards})")}"
                )
            );
        var index = ParseInt32("JOB_COMPLETION_INDEX", 0, variable);
        return index < shards
            ? new(index + 1, shards.Value)
            : throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Shards} {shards}: this is pod {index}, counted from 0, so there are at least "
                        + $"{index + 1L}"
                )
            );
    }

    private static int ParseInt32(string name, int min, Func<string, string?> variable)
    {
        if (
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= min
        )
            return value;
        var found = variable(name) is { } text ? $"'{text}'" : "not set";
        throw new InvalidInputException(
            OptionText.Create(
                $"{OptionKeys.Shard} auto: {name} is {found}, expected a whole number from {min}; "
                    + $"use {OptionKeys.Shard} I/N"
            )
        );
    }

    private static int? ParsePositive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value is >= 1 and <= MaxCount
            ? value
            : null;
}
