using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Comparisons;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>What a comparison says about how its runs were trained and evaluated.</summary>
public sealed class ComparisonConditionsTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ComparisonConditionsTests()
    {
        WriteRun("corpus", normalization: null, ("normalize", "corpus"), ("seed", "0"), ("data_dirs", "/private/a"));
        WriteRun("speaker", new(30, 1, 1), ("normalize", "speaker"), ("seed", "0"), ("data_dirs", "/private/b"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Options_that_differ_are_listed_without_paths()
    {
        var difference = Assert.Single(ComparisonConditions.ListDifferences(Read())!);
        Assert.Equal("normalize: A corpus, B speaker", ComparisonConditions.Format(difference));
        var json = JsonNode.Parse(ComparisonJson.Serialize(Read()))!;
        Assert.Equal("speaker", json["option_differences"]![0]!["values"]![1]!.GetValue<string>());
    }

    [Fact]
    public void Only_one_transductive_run_is_an_advantage()
    {
        Assert.StartsWith(
            "B normalized the test clips",
            ComparisonConditions.DescribeAdvantage(Read()),
            StringComparison.Ordinal
        );
        WriteRun("other", new(32, 0, 0), ("normalize", "speaker"));
        Assert.Null(
            ComparisonConditions.DescribeAdvantage(RunComparison.Read(folder.Path, ["speaker", "other"], seed: 0))
        );
    }

    [Fact]
    public void The_page_has_the_conditions_and_the_recall_of_each_class()
    {
        var path = folder.PathOf("page.html");
        ComparisonPage.Write(path, Read(), splitNotice: null);
        var page = System.Xml.Linq.XDocument.Parse(File.ReadAllText(path));
        var headings = page.Descendants("h2").Select(heading => heading.Value);
        Assert.Equal(
            ["Runs", "Differences", "Recall of each class", "How the runs were evaluated", "Options that differ"],
            headings
        );
        Assert.Contains("Unequal conditions.", page.Root!.Value, StringComparison.Ordinal);
        Assert.Contains("Transductive.", page.Root.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("private", page.Root.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Initial_models_are_compared_by_their_names_and_allowed_leaks_are_listed()
    {
        WriteRun("first", normalization: null, ("init", "/private/a.keras"), ("allow", ""));
        WriteRun("second", normalization: null, ("init", "/private/b.keras"), ("allow", "leak:initial_model"));
        var differences = ComparisonConditions.ListDifferences(
            RunComparison.Read(folder.Path, ["first", "second"], seed: 0)
        )!;
        Assert.Equal(
            ["allow: A , B leak:initial_model", "init: A a.keras, B b.keras"],
            differences.Select(ComparisonConditions.Format)
        );
    }

    [Fact]
    public void Test_clips_that_a_model_knows_are_a_warning()
    {
        Assert.Null(SplitLeakage.Describe(Read()));
        var path = folder.PathOf("analysis_results", "speaker", "metrics.json");
        var metrics = JsonNode.Parse(File.ReadAllText(path))!;
        metrics["leaks"] = JsonNode.Parse("""[{"name": "initial_model", "count": 9, "allowed": true}]""");
        File.WriteAllText(path, metrics.ToJsonString());
        Assert.StartsWith("Test clips of B, or copies", SplitLeakage.Describe(Read()), StringComparison.Ordinal);
    }

    [Fact]
    public void Options_of_predictions_without_a_configuration_are_not_known()
    {
        File.Delete(folder.PathOf("analysis_results", "speaker", ReportFile.FileName));
        Assert.Null(ComparisonConditions.ListDifferences(Read()));
    }

    private RunComparison Read() => RunComparison.Read(folder.Path, ["corpus", "speaker"], seed: 0);

    private void WriteRun(
        string name,
        SpeakerNormalizationReport? normalization,
        params (string Key, string Value)[] configuration
    )
    {
        var protocol = PredictionBuilder.BySpeaker with { SpeakerNormalization = normalization };
        ClipPrediction[] clips = [.. PredictionBuilder.Clips(speakers: 8, clipsEach: 4, rightOf: 3)];
        var result = EvaluationResult.Compute(
            PredictionBuilder.Labels,
            clips,
            protocol,
            PredictionBuilder.CreateDraws(1)
        );
        AnalysisFolder.Write(
            folder.PathOf("analysis_results", name),
            new(
                name,
                result,
                [],
                [.. configuration.Select(option => KeyValuePair.Create(option.Key, option.Value))],
                "log-mel",
                "0.1.0"
            )
        );
    }
}
