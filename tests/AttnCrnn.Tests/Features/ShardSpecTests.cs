using AttnCrnn.Features.Shards;

namespace AttnCrnn.Tests.Features;

/// <summary>
/// Environment variables as set by slurmctld 22.05 for job arrays and documented by Kubernetes for indexed jobs.
/// </summary>
public sealed class ShardSpecTests
{
    private const string Slurm = "SLURM_ARRAY_TASK_",
        Pod = "JOB_COMPLETION_INDEX";

    [Theory]
    [InlineData("1/1", 1, 1)]
    [InlineData("3/8", 3, 8)]
    [InlineData("8/8", 8, 8)]
    public void Shards_are_numbered_from_1(string text, int number, int value) =>
        Assert.Equal(new(number, value), ClipPartition.Parse(text, null, ReadNoVariable));

    [Theory]
    [InlineData("0/4")]
    [InlineData("5/4")]
    [InlineData("-1/4")]
    [InlineData("1/0")]
    [InlineData("1")]
    [InlineData("1/2/3")]
    [InlineData(" 1/2")]
    [InlineData("1/2000000")]
    [InlineData("Auto")]
    [InlineData("")]
    public void Invalid_shards_are_rejected_with_an_example(string text) =>
        AssertRejected("as in 1/4, or auto", () => ClipPartition.Parse(text, null, ReadNoVariable));

    [Fact]
    public void The_shard_count_is_given_once() =>
        AssertRejected("shards 4: valid only with shard auto", () => ClipPartition.Parse("1/4", 4, ReadNoVariable));

    [Theory]
    [InlineData(1, 1, 8, 1, 8)]
    [InlineData(0, 0, 7, 1, 8)]
    [InlineData(40, 33, 64, 1, 32)]
    [InlineData(0, 0, 9, 3, 4)]
    [InlineData(1, 1, 15, 2, 8)]
    [InlineData(5, 5, 5, 1, 1)] // --array=5
    [InlineData(3_999_990, 3_999_990, 3_999_999, 1, 10)]
    public void The_tasks_of_a_Slurm_range_take_every_shard_once(int first, int min, int max, int step, int count)
    {
        var shards = Enumerable
            .Range(0, count)
            .Select(index => ClipPartition.Parse("auto", null, Array(min + (index * step), min, max, step, count)));
        Assert.Equal(Enumerable.Range(1, count).Select(number => new ClipPartition(number, count)), shards);
        Assert.Equal(
            (first - min) / step + 1,
            ClipPartition.Parse("auto", count, Array(first, min, null, step, count)).Index
        ); // _MAX is not needed
    }

    [Theory]
    [InlineData(3, 1, 3, 7)]
    [InlineData(3, 1, 3, 5)]
    [InlineData(3, 1, 2, 4)]
    [InlineData(4, 1, 3, 4, 7)]
    public void A_Slurm_task_list_is_rejected_as_positions_are_unknown(int count, params int[] ids)
    {
        // Slurm reports step 1 for every list.
        foreach (var id in ids)
            AssertRejected($"specify the array as one range, as in --array=1-{count}", () =>
                ClipPartition.Parse("auto", null, Array(id, ids[0], ids[^1], 1, count))
            );
    }

    [Theory]
    [InlineData("ID", null, "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set")]
    [InlineData("ID", "", "SLURM_ARRAY_TASK_ID is ''")]
    [InlineData("ID", "2x", "SLURM_ARRAY_TASK_ID is '2x'")]
    [InlineData("ID", "-1", "SLURM_ARRAY_TASK_ID is '-1'")]
    [InlineData("ID", "99999999999", "SLURM_ARRAY_TASK_ID is '99999999999'")]
    [InlineData("ID", "9", "task 9 of 4, from 1 to 4")]
    [InlineData("ID", "0", "task 0 of 4, from 1 to 4")]
    [InlineData("MIN", null, "SLURM_ARRAY_TASK_MIN is not set")]
    [InlineData("MIN", "one", "SLURM_ARRAY_TASK_MIN is 'one'")]
    [InlineData("STEP", null, "SLURM_ARRAY_TASK_STEP is not set")]
    [InlineData("STEP", "0", "SLURM_ARRAY_TASK_STEP is '0', expected a whole number from 1")]
    [InlineData("STEP", "2", "in steps of 2")]
    [InlineData("STEP", "2147483647", "in steps of 2147483647")]
    [InlineData("COUNT", null, "SLURM_ARRAY_TASK_COUNT is not set")]
    [InlineData("COUNT", "0", "SLURM_ARRAY_TASK_COUNT is '0'")]
    [InlineData("COUNT", "2147483647", "task 2 of 2147483647")]
    [InlineData("MAX", "four", "SLURM_ARRAY_TASK_MAX is 'four'")]
    [InlineData("MAX", "5", "from 1 to 5")]
    public void A_missing_or_invalid_Slurm_variable_is_named(string variable, string? value, string message)
    {
        var array = Array(2, 1, 4, 1, 4);
        AssertRejected(message, () =>
            ClipPartition.Parse("auto", null, name => name == Slurm + variable ? value : array(name))
        );
    }

    [Fact]
    public void A_shard_count_other_than_the_arrays_is_rejected() =>
        AssertRejected("shards 8: the Slurm array has 4 tasks", () =>
            ClipPartition.Parse("auto", 8, Array(2, 1, 4, 1, 4))
        );

    [Theory]
    [InlineData("0", 4, 1)]
    [InlineData("3", 4, 4)]
    [InlineData("0", 1, 1)]
    public void A_pod_counts_from_0_and_a_shard_from_1(string index, int shards, int number) =>
        Assert.Equal(new(number, shards), ClipPartition.Parse("auto", shards, name => name == Pod ? index : null));

    [Theory]
    [InlineData("0", null, "use shards N with the job's number of completions")]
    [InlineData("0", 0, "(not 0)")]
    [InlineData("0", 2_000_000, "(not 2000000)")]
    [InlineData("4", 4, "this is pod 4, counted from 0, so there are at least 5")]
    [InlineData("2147483647", 4, "at least 2147483648")]
    [InlineData("", 4, "JOB_COMPLETION_INDEX is ''")]
    [InlineData("-1", 4, "JOB_COMPLETION_INDEX is '-1'")]
    [InlineData("one", 4, "JOB_COMPLETION_INDEX is 'one'")]
    public void A_pod_with_incomplete_shard_information_is_rejected(string index, int? shards, string message) =>
        AssertRejected(message, () => ClipPartition.Parse("auto", shards, name => name == Pod ? index : null));

    [Fact]
    public void Slurm_variables_take_precedence_within_a_pod()
    {
        var array = Array(2, 1, 4, 1, 4);
        Assert.Equal(new(2, 4), ClipPartition.Parse("auto", null, name => name == Pod ? "0" : array(name)));
    }

    private static string? ReadNoVariable(string name) => null;

    private static Func<string, string?> Array(int id, int min, int? max, int step, int count) =>
        name =>
            name switch
            {
                Slurm + "ID" => $"{id}",
                Slurm + "MIN" => $"{min}",
                Slurm + "MAX" => max is null ? null : $"{max}",
                Slurm + "STEP" => $"{step}",
                Slurm + "COUNT" => $"{count}",
                _ => null,
            };

    private static void AssertRejected(string message, Action parse) =>
        Assert.Contains(message, Assert.Throws<InvalidInputException>(parse).Message, StringComparison.Ordinal);
}
