using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Comparisons;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>Runs of a working folder that are compared, as text, JSON and a page.</summary>
public sealed class RunComparisonTests : IDisposable
{
    private readonly TempFolder folder = new();

    public RunComparisonTests()
    {
        foreach (var (run, rightOf) in new[] { ("good", 4), ("poor", 1), ("also_good", 4) })
            PredictionsCsv.Write(
                folder.PathOf("analysis_results", run, "predictions.csv"),
                PredictionBuilder.Labels,
                [.. PredictionBuilder.Clips(speakers: 8, clipsEach: 4, rightOf)]
            );
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_pair_of_runs_is_compared_with_corrected_p_values()
    {
        var comparison = RunComparison.Read(folder.Path, ["good", "poor", "also_good"], seed: 0);
        Assert.Equal([(0, 1), (0, 2), (1, 2)], comparison.Pairs.Select(pair => (pair.First, pair.Second)));
        Assert.Equal(0.75, comparison.Pairs[0].Comparison.Uar.Value);
        Assert.Equal(3 * comparison.Pairs[0].Comparison.ClipPValue, comparison.Pairs[0].CorrectedClipPValue);
        Assert.Equal(3 * 2 / 256.0, comparison.Pairs[0].CorrectedSpeakerPValue!.Value, 1e-12);
        Assert.Equal("A has the higher UAR.", ComparisonText.DescribeOutcome(comparison.Pairs[0]));
        Assert.StartsWith(
            "No clear difference",
            ComparisonText.DescribeOutcome(comparison.Pairs[1]),
            StringComparison.Ordinal
        );
        Assert.Equal("C has the higher UAR.", ComparisonText.DescribeOutcome(comparison.Pairs[2]));
    }

    [Fact]
    public void The_json_object_has_runs_and_pairs()
    {
        var json = JsonNode.Parse(
            ComparisonJson.Serialize(RunComparison.Read(folder.Path, ["good", "poor"], seed: 0))
        )!;
        Assert.Equal((32, 8), (json["n_clips"]!.GetValue<int>(), json["n_speakers"]!.GetValue<int>()));
        Assert.Equal("good", json["runs"]![0]!["run"]!.GetValue<string>());
        Assert.Equal(0.75, json["pairs"]![0]!["uar_difference"]!.GetValue<double>());
        Assert.Equal(24, json["pairs"]![0]!["only_first_correct"]!.GetValue<int>());
        Assert.StartsWith("Only 8 speakers", json["warning"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_well_formed_and_names_the_runs_once_each()
    {
        var path = folder.PathOf("page.html");
        ComparisonPage.Write(path, RunComparison.Read(folder.Path, ["good", "poor"], seed: 0), "Splits <differ>.");
        var page = System.Xml.Linq.XDocument.Parse(File.ReadAllText(path));
        var text = page.Root!.Value;
        Assert.Contains("A has the higher UAR.", text, StringComparison.Ordinal);
        Assert.Contains("Splits <differ>.", text, StringComparison.Ordinal);
        Assert.Contains("Only 8 speakers", text, StringComparison.Ordinal);
        Assert.Contains("+75.0 (+75.0 to +75.0)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_is_missing_not_evaluated_or_named_twice_is_refused()
    {
        Directory.CreateDirectory(folder.PathOf("checkpoints", "untrained"));
        Assert.Contains("no such run", Refuse("good", "missing"), StringComparison.Ordinal);
        Assert.Contains("is not evaluated", Refuse("good", "untrained"), StringComparison.Ordinal);
        Assert.Contains("is named twice", Refuse("good", "good"), StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_that_contradict_themselves_are_refused_by_file()
    {
        var path = folder.PathOf("analysis_results", "good", "predictions.csv");
        var lines = File.ReadAllLines(path);
        File.WriteAllLines(folder.PathOf("twice.csv"), [.. lines, lines[1]]);
        File.WriteAllLines(
            folder.PathOf("other.csv"),
            [lines[0], lines[1].Replace(",angry,angry,", ",angry,sad,", StringComparison.Ordinal)]
        );
        foreach (var file in (string[])["twice.csv", "other.csv"])
            Assert.StartsWith(
                folder.PathOf(file),
                Assert
                    .Throws<InvalidFileException>(() =>
                        RunComparison.Read(folder.Path, ["poor", folder.PathOf(file)], 0)
                    )
                    .Message,
                StringComparison.Ordinal
            );
        Assert.Equal(
            ["good", "poor"],
            RunComparison
                .Read("/", [folder.PathOf("analysis_results", "good"), folder.PathOf("analysis_results", "poor")], 0)
                .Runs.Select(run => run.Name)
        );
    }

    private string Refuse(params string[] runs) =>
        Assert.Throws<InvalidInputException>(() => RunComparison.Read(folder.Path, runs, seed: 0)).Message;
}
