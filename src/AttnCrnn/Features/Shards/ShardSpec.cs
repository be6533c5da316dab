using System.Globalization;

namespace AttnCrnn.Features.Shards;

/// <summary>Which share of the clips a run takes: several runs, on one machine or many, need to know nothing else of each other.</summary>
/// <param name="Index">From 1.</param>
/// <param name="Count">How many shares there are.</param>
public readonly record struct ShardSpec(int Index, int Count)
{
    private const int MaxCount = 1_000_000;

    /// <summary>All clips.</summary>
    public static ShardSpec All { get; } = new(1, 1);

    /// <summary>Reads the choice as the command line gives it.</summary>
    /// <param name="shard"><c>I/N</c> with I from 1 to N; or <c>auto</c>: from the variables that Slurm sets in an array job, or Kubernetes in an indexed job.</param>
    /// <param name="shards">How many there are, where the cluster does not say: Kubernetes gives an index alone.</param>
    /// <param name="variable">The environment.</param>
    /// <exception cref="InvalidInputException">It is neither, or a variable is missing; the message says which.</exception>
    public static ShardSpec Parse(string shard, int? shards, Func<string, string?> variable)
    {
        if (shard == "auto")
            return Auto(shards, variable);
        if (shards is not null)
            throw new InvalidInputException(
                $"--shards {shards}: it goes with --shard auto; here the number of shards stands in --shard {shard}"
            );
        return
            shard.Split('/') is [var number, var text] && FromOne(number) is { } i && FromOne(text) is { } n && i <= n
            ? new(i, n)
            : throw new InvalidInputException($"--shard {shard}: expected I/N with I from 1 to N, as in 1/4, or auto");
    }

    private static ShardSpec Auto(int? shards, Func<string, string?> variable)
    {
        if (variable("SLURM_ARRAY_TASK_ID") is not null)
            return FromSlurm(shards, variable);
        if (variable("JOB_COMPLETION_INDEX") is not null)
            return FromKubernetes(shards, variable);
        throw new InvalidInputException(
            "--shard auto: neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set, so this is no array job; give --shard I/N"
        );
    }

    private static ShardSpec FromSlurm(int? shards, Func<string, string?> variable)
    {
        long id = ParseInt32("SLURM_ARRAY_TASK_ID", 0, variable),
            min = ParseInt32("SLURM_ARRAY_TASK_MIN", 0, variable),
            step = ParseInt32("SLURM_ARRAY_TASK_STEP", 1, variable);
        var count = ParseInt32("SLURM_ARRAY_TASK_COUNT", 1, variable);
        if (shards is not null && shards != count)
            throw new InvalidInputException(
                $"--shards {shards}: the Slurm array has {count} tasks; leave --shards out, or name the shard, as in --shard $SLURM_ARRAY_TASK_ID/{shards}"
            );
        // Of a list such as 1,3,7 Slurm says count 3 and step 1: which of its tasks is the second, none can know. The largest number shows it to
        // all of them; without it, only the task that falls out of the range would stop, and its neighbours would take wrong shards.
        var last = min + ((count - 1) * step);
        var max = variable("SLURM_ARRAY_TASK_MAX") is null ? last : ParseInt32("SLURM_ARRAY_TASK_MAX", 0, variable);
        return max == last && id >= min && id <= last && (id - min) % step == 0 && count <= MaxCount
            ? new((int)((id - min) / step) + 1, count)
            : throw new InvalidInputException(
                $"--shard auto: task {id} of {count}, from {min} to {max} in steps of {step}, is in no range of {count}; give the array as one range, as in --array=1-{count}, or name the shard, as in --shard $SLURM_ARRAY_TASK_ID/N"
            );
    }

    private static ShardSpec FromKubernetes(int? shards, Func<string, string?> variable)
    {
        if (shards is not (>= 1 and <= MaxCount))
            throw new InvalidInputException(
                $"--shard auto: Kubernetes says which of the pods this is and not of how many; give --shards N, as many as the job's completions{(shards is null ? "" : $" (not {shards})")}"
            );
        var index = ParseInt32("JOB_COMPLETION_INDEX", 0, variable);
        return index < shards
            ? new(index + 1, shards.Value)
            : throw new InvalidInputException(
                $"--shards {shards}: this is pod {index}, counted from 0, so there are at least {index + 1L}"
            );
    }

    private static int ParseInt32(string name, int from, Func<string, string?> variable)
    {
        if (
            int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= from
        )
            return value;
        throw new InvalidInputException(
            $"--shard auto: {name} is {(variable(name) is { } text ? $"'{text}'" : "not set")}, expected a whole number from {from}; give --shard I/N"
        );
    }

    private static int? FromOne(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value is >= 1 and <= MaxCount
            ? value
            : null;
}
