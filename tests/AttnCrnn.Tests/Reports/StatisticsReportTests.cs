using System.Text.Json.Nodes;
using System.Xml.Linq;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

/// <summary>Intervals, calibration and groups in the files of a run.</summary>
public sealed class StatisticsReportTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EvaluationResult result;

    public StatisticsReportTests()
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder
                .CreateRandom(1, speakers: 6, clipsEach: 24)
                .Select(clip =>
                    clip with
                    {
                        Temperature = 1.5,
                        Sex = clip.Speaker is "s0" or "s1" or "s2" ? "female" : "male",
                    }
                ),
        ];
        result = PredictionBuilder.Result(clips);
        AnalysisFolder.Write(folder.Path, new("run", result, [], [], "log-mel", "0.1.0"));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_text_has_warning_calibration_and_groups()
    {
        var text = File.ReadAllText(folder.PathOf("classification_report.txt"));
        Assert.Contains("\nwarning: Only 6 speakers (fewer than 10)", text, StringComparison.Ordinal);
        Assert.Contains("\nmacro average precision: 0.", text, StringComparison.Ordinal);
        Assert.Contains("\nTemperature scaling was fitted", text, StringComparison.Ordinal);
        Assert.Contains($"\nby {GroupText.Describe(result.Groups[0])}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_json_has_intervals_of_classes_calibration_and_the_gap()
    {
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("metrics.json")))!;
        var gap = result.Groups[0].Gap!.Value;
        Assert.Equal(gap.Value, json["groups"]![0]!["uar_gap"]!.GetValue<double>());
        Assert.Equal(gap.Interval!.Value.High, json["groups"]![0]!["uar_gap_ci95"]![1]!.GetValue<double>());
        Assert.Equal(
            result.ConfidenceIntervals.PerClass[3].Recall!.Value.Low,
            json["per_class"]!["sad"]!["recall_ci95"]![0]!.GetValue<double>()
        );
        Assert.Equal(result.Calibration.Unscaled!.Ece, json["calibration"]!["before"]!["ece"]!.GetValue<double>());
        Assert.NotEqual(result.Calibration.Unscaled.Ece, result.Calibration.After.Ece);
        Assert.Equal("student_t", json["intervals"]!["method"]!.GetValue<string>());
        Assert.StartsWith(
            "Only 6 speakers",
            json["intervals"]!["warning"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_page_has_warning_both_calibrations_and_groups()
    {
        Assert.Contains("Only 6 speakers", FindSection("Confidence intervals").Value, StringComparison.Ordinal);
        Assert.Equal(
            [
                "UAR",
                "accuracy (WA)",
                "macro F1",
                "macro AUC",
                "macro average precision",
                "log loss",
                "Brier score",
                "expected calibration error",
            ],
            ListRows(FindSection("Confidence intervals").Descendants("tbody").Single())
        );
        var calibration = FindSection("Calibration");
        Assert.Contains("Temperature scaling was fitted", calibration.Value, StringComparison.Ordinal);
        Assert.Equal(
            ["before temperature scaling", "after temperature scaling"],
            ListRows(calibration.Descendants("tbody").First())
        );
        Assert.Equal(["female", "male"], ListRows(FindSection("Metrics by group").Descendants("tbody").Single()));
    }

    private static IEnumerable<string> ListRows(XElement table) =>
        table.Elements("tr").Select(row => row.Element("th")!.Value);

    private XElement FindSection(string title)
    {
        var html = File.ReadAllText(folder.PathOf("report.html"));
        return XDocument
            .Parse(html[(html.IndexOf('>', StringComparison.Ordinal) + 1)..])
            .Descendants("section")
            .Single(section => section.Element("h2")?.Value == title);
    }
}
