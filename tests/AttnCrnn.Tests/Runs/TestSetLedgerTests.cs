using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>How often a test set was evaluated in a working folder.</summary>
public sealed class TestSetLedgerTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly DayClock clock = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Evaluations_of_the_same_clips_are_counted_whatever_their_order_and_predictions()
    {
        Record("first", PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4));
        Record("first", [.. PredictionBuilder.CreateRandom(2, speakers: 3, clipsEach: 4).Reverse()]);
        var usage = Record("second", PredictionBuilder.CreateRandom(3, speakers: 3, clipsEach: 4));
        Assert.Equal((3, 2), (usage.Evaluations, usage.Runs));
        Assert.Contains("evaluated 3 times by 2 runs", TestSetUsageText.Describe(usage), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_clips_are_another_test_set()
    {
        var first = Record("run", PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4));
        var other = Record("run", PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 3));
        Assert.Equal((1, 1), (other.Evaluations, other.Runs));
        Assert.NotEqual(first.Sha256, other.Sha256);
        Assert.Contains("evaluated once", TestSetUsageText.Describe(other), StringComparison.Ordinal);
    }

    [Fact]
    public void The_seeds_of_a_repeated_run_are_one_run()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4);
        Record("run/seed_1", clips);
        Record("run/seed_2", clips);
        var usage = Record("run", clips);
        Assert.Equal((3, 1), (usage.Evaluations, usage.Runs));
    }

    [Fact]
    public void Counting_begins_with_the_first_evaluation_of_any_test_set()
    {
        clock.Now = new(2026, 1, 31, 23, 0, 0, TimeSpan.Zero);
        Record("run", PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 3));
        clock.Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var usage = Record("run", PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4));
        Assert.Equal(new DateOnly(2026, 1, 31), usage.Since);
        Assert.Contains("counted since 2026-01-31", TestSetUsageText.Describe(usage), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_record_counts_as_an_evaluation_by_an_unknown_run_and_is_reported()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4);
        Record("first", clips);
        File.WriteAllText(Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories).Single(), "{\"run");
        var usage = Record("second", clips);
        Assert.Equal((2, 1, 1), (usage.Evaluations, usage.Runs, usage.DamagedRecords));
        Assert.Contains("1 of the records cannot be read", TestSetUsageText.Describe(usage), StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_that_cannot_be_recorded_is_reported_and_not_lost()
    {
        File.WriteAllText(folder.PathOf(TestSetLedger.FolderName), "a file instead of the folder");
        var usage = Record("run", PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4));
        Assert.Equal(1, usage.Evaluations);
        Assert.Contains("This evaluation is not recorded", TestSetUsageText.Describe(usage), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parallel_evaluations_are_all_counted()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(run => Task.Run(() => Record($"run_{run}", clips))));
        Assert.Equal(17, Record("last", clips).Evaluations);
    }

    [Fact]
    public void The_sentence_is_in_every_report()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 4);
        Record("first", clips);
        var result = TestSetLedger.Record(folder.Path, "second", PredictionBuilder.Result(clips), clock);
        AnalysisFolder.Write(folder.PathOf("report"), new("second", result, [], [], "log-mel", "1"));
        foreach (var file in (string[])["report.html", "metrics.json", "classification_report.txt"])
            Assert.Contains(
                "This test set has been evaluated 2 times by 2 runs",
                File.ReadAllText(folder.PathOf("report", file)),
                StringComparison.Ordinal
            );
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("report", "metrics.json")))!["test_set"]!;
        Assert.Equal((2, 2), ((int)json["evaluations"]!, (int)json["runs"]!));
    }

    private TestSetUsage Record(string run, ClipPrediction[] clips) =>
        TestSetLedger.Record(folder.Path, run, PredictionBuilder.Result(clips), clock).Protocol.TestSet!;

    private sealed class DayClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
