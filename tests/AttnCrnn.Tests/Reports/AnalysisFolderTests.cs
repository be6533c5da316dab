using System.Text.Json;
using System.Xml.Linq;
using AttnCrnn.Audio;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

public sealed class AnalysisFolderTests : IDisposable
{
    private static readonly string[] Labels = ["angry", "calm & <b>", "sad"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_analysis_file_is_written_with_its_content()
    {
        var result = Result(disjoint: true);
        AnalysisFolder.Write(folder.Path, Report(result));
        string[] expected =
        [
            "attn_crnn_calibration.svg",
            "attn_crnn_confusion_matrix.png",
            "attn_crnn_confusion_matrix.svg",
            "attn_crnn_roc_curves.png",
            "attn_crnn_roc_curves.svg",
            "attn_crnn_training_history.png",
            "attn_crnn_training_history.svg",
            "classification_report.txt",
            "metrics.json",
            "predictions.csv",
            "report.html",
            "report.json",
        ];
        Assert.Equal(expected, Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([0.5, 0.75], NpyFile.Read(folder.PathOf("history", "fold_1", "val_accuracy.npy")).ToDoubles());
        Assert.Contains(
            result.Metrics.ToReportText(),
            File.ReadAllText(folder.PathOf("classification_report.txt")),
            StringComparison.Ordinal
        );
        foreach (var png in expected.Where(name => name.EndsWith(".png", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(folder.PathOf(png));
            Assert.True(bytes.AsSpan().StartsWith((byte[])[0x89, 0x50, 0x4E, 0x47]) && bytes.Length > 5000, png);
        }
    }

    [Fact]
    public void Metrics_json_round_trips_at_full_precision()
    {
        var result = Result(disjoint: true);
        var path = folder.PathOf("metrics.json");
        File.WriteAllText(path, MetricsJson.Serialize(result));
        var summary = MetricsSummary.Read(path);
        Assert.Equal(
            (result.Metrics.Uar, result.Metrics.Accuracy, result.Metrics.LogLoss),
            (summary.Uar, summary.Accuracy, summary.LogLoss)
        );
        Assert.Equal(result.ConfidenceIntervals.Uar, summary.UarInterval);
        Assert.Equal((result.Labels.Count, 24, 4), (summary.Labels.Count, summary.Clips, summary.Speakers));
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(3, json.RootElement.GetProperty("confusion_matrix").GetArrayLength());
        Assert.Equal(8, json.RootElement.GetProperty("per_class").GetProperty("sad").GetProperty("support").GetInt32());
    }

    [Fact]
    public void The_layer_mix_is_reported_with_fold_means_and_in_metrics_json()
    {
        AnalysisFolder.Write(
            folder.Path,
            Report(
                Result(
                    disjoint: true,
                    new LayerWeights([
                        [0.25f, -0.5f, 0.25f],
                        [0.25f, -1f, 0.75f],
                    ])
                )
            )
        );
        var html = File.ReadAllText(folder.PathOf("report.html"));
        var page = XDocument.Parse(html[(html.IndexOf('>', StringComparison.Ordinal) + 1)..]);
        var table = page.Descendants("section").Single(section => section.Element("h2")?.Value == "Layer weights");
        Assert.Equal(
            [
                ["0", "0.2500 ± 0.0000", "16.7%"],
                ["1", "-0.7500 ± 0.3536", "50.0%"],
                ["2", "0.5000 ± 0.3536", "33.3%"],
            ],
            table
                .Descendants("tbody")
                .Single()
                .Elements("tr")
                .Select(row => row.Elements().Take(3).Select(cell => cell.Value).ToArray())
        );
        Assert.Equal(
            ["width:33.3%", "width:100.0%", "width:66.7%"],
            table.Descendants("div").Select(div => (string?)div.Attribute("style")).OfType<string>()
        );
        using var json = JsonDocument.Parse(File.ReadAllText(folder.PathOf("metrics.json")));
        Assert.Equal(
            [0.25, -0.75, 0.5],
            json.RootElement.GetProperty("layer_weights").EnumerateArray().Select(weight => weight.GetDouble())
        );
        Assert.Equal(Math.Sqrt(0.125), json.RootElement.GetProperty("layer_weights_deviation")[1].GetDouble(), 1e-12);
    }

    [Fact]
    public void Reports_without_a_layer_mix_do_not_mention_layers()
    {
        AnalysisFolder.Write(folder.Path, Report(Result(disjoint: true)));
        Assert.DoesNotContain(
            "Layer weights",
            File.ReadAllText(folder.PathOf("report.html")),
            StringComparison.Ordinal
        );
        using var json = JsonDocument.Parse(File.ReadAllText(folder.PathOf("metrics.json")));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("layer_weights").ValueKind);
    }

    [Theory]
    [InlineData("fold", "one")]
    [InlineData("fold", "99999999999")]
    [InlineData("start", "0,5")]
    public void A_cell_that_is_no_number_is_an_error_with_column_and_line(string column, string cell)
    {
        var path = folder.PathOf("predictions.csv");
        PredictionsCsv.Write(path, ["angry"], []);
        string[] columns = File.ReadAllLines(path)[0].Split(',');
        var cells = columns.Select(name =>
            name == column ? $"\"{cell}\""
            : name.StartsWith("p_", StringComparison.Ordinal) ? "1"
            : ""
        );
        File.AppendAllText(path, string.Join(',', cells) + "\n");
        var exception = Assert.Throws<InvalidFileException>(() => PredictionsCsv.Read(path));
        Assert.Equal($"'{cell}' as {column} in line 2", exception.Found);
        Assert.Equal("evaluate the run again", exception.Remedy);
    }

    [Fact]
    public void Predictions_round_trip()
    {
        var result = Result(disjoint: true);
        var path = folder.PathOf("predictions.csv");
        PredictionsCsv.Write(path, result.Labels, result.Predictions);
        var (labels, predictions) = PredictionsCsv.Read(path);
        Assert.Equal(result.Labels, labels);
        Assert.Equal(
            result.Predictions.Select(clip => (clip.Key, clip.Truth, clip.Predicted, clip.Fold, clip.Speaker)),
            predictions.Select(clip => (clip.Key, clip.Truth, clip.Predicted, clip.Fold, clip.Speaker))
        );
        Assert.All(result.Predictions.Zip(predictions), pair =>
            Assert.Equal(pair.First.Probabilities, pair.Second.Probabilities)
        );
    }

    [Fact]
    public void Two_channels_of_a_recording_stay_apart_in_a_file()
    {
        var clip = Result(disjoint: true).Predictions[0];
        ClipPrediction[] channels =
        [
            clip with
            {
                Channel = AudioChannel.FromNumber(1),
            },
            clip with
            {
                Channel = AudioChannel.FromNumber(2),
            },
            clip,
        ];
        var path = folder.PathOf("predictions.csv");
        PredictionsCsv.Write(path, Result(disjoint: true).Labels, channels);
        Assert.Equal(
            channels.Select(channel => channel.Key),
            PredictionsCsv.Read(path).Predictions.Select(channel => channel.Key)
        );
        Assert.Equal($"{clip.Key} [channel 2]", channels[1].Key.ToString());
    }

    [Fact]
    public void The_page_is_self_contained_and_escapes_its_input()
    {
        AnalysisFolder.Write(folder.Path, Report(Result(disjoint: true)));
        var html = File.ReadAllText(folder.PathOf("report.html"));
        var page = XDocument.Parse(
            html[(html.IndexOf('>', StringComparison.Ordinal) + 1)..].Replace("&nbsp;", " ", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute =>
            attribute.Name.LocalName is "src" or "href"
        );
        Assert.Empty(page.Descendants("b"));
        Assert.DoesNotContain(
            "http",
            html.Replace("http-equiv", "", StringComparison.Ordinal),
            StringComparison.OrdinalIgnoreCase
        );
        string[] charts = ["confusion_matrix", "training_history", "roc_curves", "calibration"];
        Assert.Equal(charts.Select(name => name + "-title"), page.Descendants("svg").Select(GetTitleOf));
        Assert.All(page.Descendants("svg"), chart => Assert.NotEmpty(chart.Element("desc")!.Value));
        Assert.Contains("Speaker-independent split.", page.Root!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("Synthetic recordings", page.Root.Value, StringComparison.Ordinal);
    }

    private static string GetTitleOf(XElement chart)
    {
        var title = chart.Element("title")!;
        Assert.Equal((string?)title.Attribute("id"), (string?)chart.Attribute("aria-labelledby"));
        Assert.NotEmpty(title.Value);
        return (string)title.Attribute("id")!;
    }

    [Fact]
    public void Speaker_leakage_and_synthetic_recordings_cause_warnings()
    {
        AnalysisFolder.Write(folder.Path, Report(Result(disjoint: false)));
        var html = File.ReadAllText(folder.PathOf("report.html"));
        Assert.Contains("Possible speaker leakage", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Speaker-independent split.", html, StringComparison.Ordinal);
        Assert.Contains("Synthetic recordings", html, StringComparison.Ordinal);
        Assert.StartsWith(
            "SYNTHETIC",
            File.ReadAllText(folder.PathOf("classification_report.txt")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Statistics_from_evaluated_clips_are_reported_as_transductive()
    {
        string[] files = ["report.html", "metrics.json", "classification_report.txt"];
        string Text(string name) => File.ReadAllText(folder.PathOf(name));
        AnalysisFolder.Write(folder.Path, Report(Result(disjoint: true)));
        Assert.All(files, name => Assert.DoesNotContain("Transductive", Text(name), StringComparison.Ordinal));
        Assert.Null(MetricsSummary.Read(folder.PathOf("metrics.json")).SpeakerNormalization);

        var adaptation = new SpeakerNormalizationReport(20, 3, 1);
        AnalysisFolder.Write(folder.Path, Report(Result(disjoint: true, adaptation: adaptation)));
        Assert.All(files, name => Assert.Contains("Transductive.", Text(name), StringComparison.Ordinal));
        Assert.All(files, name => Assert.Contains("20 of 24", Text(name), StringComparison.Ordinal));
        Assert.All(files, name => Assert.Contains("3 without a speaker", Text(name), StringComparison.Ordinal));
        Assert.Equal(adaptation, MetricsSummary.Read(folder.PathOf("metrics.json")).SpeakerNormalization);
        using var json = JsonDocument.Parse(Text("metrics.json"));
        Assert.True(json.RootElement.GetProperty("transductive").GetBoolean());

        AnalysisFolder.Write(folder.Path, Report(Result(disjoint: true, adaptation: new(0, 24, 0))));
        Assert.All(files, name => Assert.DoesNotContain("Transductive", Text(name), StringComparison.Ordinal));
        Assert.All(files, name => Assert.Contains("24 without a speaker", Text(name), StringComparison.Ordinal));
    }

    private static RunReport Report(EvaluationResult result)
    {
        double[] values = [0.5, 0.75];
        var metrics = (
            (string[])["loss", "accuracy", "val_loss", "val_accuracy", "val_uar", "learning_rate"]
        ).ToDictionary(name => name, _ => values);
        return new(
            "run_1",
            result,
            [new(1, metrics, 2), new(2, metrics, 1)],
            [new("epochs", "30"), new("note", "<b>bold</b>")],
            "log-mel",
            "0.1.0"
        );
    }

    private static EvaluationResult Result(
        bool disjoint,
        LayerWeights? weights = null,
        SpeakerNormalizationReport? adaptation = null
    )
    {
        var clips = Enumerable
            .Range(0, 24)
            .Select(i =>
            {
                var (truth, predicted) = (i % 3, i % 4 == 0 ? (i + 1) % 3 : i % 3);
                double[] probabilities = [0.2, 0.2, 0.2];
                probabilities[predicted] = 0.6;
                return new ClipPrediction(
                    $"/clips/<b>{i}</b>.wav",
                    $"s{i / 6}",
                    Labels[truth],
                    Labels[predicted],
                    probabilities,
                    1 + (i / 12),
                    null,
                    null
                );
            })
            .ToArray();
        return EvaluationResult.Compute(
            Labels,
            clips,
            new()
            {
                Split = PredictionBuilder.SpeakerSplit with { SharedSpeakers = disjoint ? 0 : 1 },
                SpeakersDisjoint = disjoint,
                Synthetic = !disjoint,
                SpeakerNormalization = adaptation,
            },
            new RandomStream(1).SampleBelow,
            weights
        );
    }
}
