using System.Text.Json.Nodes;
using System.Xml.Linq;
using AttnCrnn.Audio;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Prediction;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Explanations;

namespace AttnCrnn.Tests.Reports.Explanations;

/// <summary>The clips of an evaluation that are explained, and their files.</summary>
public sealed class ClipExplanationsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EmotionPredictor predictor;

    public ClipExplanationsTests() =>
        predictor = EmotionPredictor.Open([LogMelModels.Write(folder.PathOf("model.keras"))], new() { Threads = 1 });

    public void Dispose()
    {
        predictor.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Confident_and_doubtful_clips_are_chosen_in_turn()
    {
        var queues = new ClipQueues([
            Clip("a", truth: 0, [0.9, 0.1]),
            Clip("b", truth: 1, [0.8, 0.2]),
            Clip("c", truth: 0, [0.55, 0.45]),
            Clip("d", truth: 0, [0.7, 0.3]),
        ]);
        List<string> chosen = [];
        while (queues.Take() is (var chosenAs, var clip))
        {
            chosen.Add($"{clip.Path} {chosenAs.Split(' ')[0]} {chosenAs.Split(' ')[^1]}");
            queues.Advance();
        }
        Assert.Equal(
            ["a confident prediction", "b confident error", "c uncertain prediction", "d confident prediction"],
            chosen
        );
    }

    [Fact]
    public void A_clip_that_cannot_be_explained_is_replaced_by_the_next_of_its_kind()
    {
        var queues = new ClipQueues([Clip("a", 0, [0.9, 0.1]), Clip("b", 0, [0.8, 0.2]), Clip("c", 1, [0.7, 0.3])]);
        Assert.Equal("a", queues.Take()!.Value.Clip.Path);
        Assert.Equal("b", queues.Take()!.Value.Clip.Path); // without Advance
        queues.Advance();
        Assert.Equal("c", queues.Take()!.Value.Clip.Path);
        Assert.Null(queues.Take());
    }

    [Fact]
    public void Clips_whose_recordings_are_there_are_explained_and_the_others_counted()
    {
        var result = Evaluate(
            Recording("short.wav", 0.9),
            Recording("long.wav", 10.1),
            Recording("other.wav", 1.1) with
            {
                Probabilities = Shift(Predict(1.1)),
            },
            Recording("gone.wav", 1.3)
        );
        File.Delete(folder.PathOf("gone.wav"));
        var explanations = Explain(result, count: 4);
        var clip = Assert.Single(explanations.Clips);
        Assert.Equal((1, 0.9), (clip.Row, clip.Seconds));
        Assert.Equal(predictor.Explain(ReadSamples("short.wav")).ProbabilityLost, clip.ProbabilityLost);
        Assert.Equal(new PassedOverClips(Missing: 1, TooLong: 1, Different: 1), explanations.PassedOver);
        Assert.Null(explanations.MissingReason);
    }

    [Fact]
    public void No_more_clips_are_explained_than_wanted()
    {
        var result = Evaluate(Recording("a.wav", 0.9), Recording("b.wav", 1.1));
        Assert.Equal(1, Explain(result, count: 1).Count);
        Assert.Equal(2, Explain(result, count: 4).Count);
        Assert.Null(Create(result, count: 0));
    }

    [Fact]
    public void An_encoder_that_would_be_downloaded_is_the_reason_for_none()
    {
        var description = predictor.Info!.Encoder with
        {
            Name = "owner/name",

            Revision = new string('a', 40),
        };
        var model = RandomModelBuilder.Create(predictor.Info.Network, seed: 1, encoder: description);
        ModelFileWriter.Write(folder.PathOf("hub.keras"), model.Model, model.Tensors);
        var explanations = ClipExplanations.Create(
            Evaluate(Recording("a.wav", 0.9)),
            4,
            _ => [folder.PathOf("hub.keras")],
            new() { Threads = 1 },
            TestContext.Current.CancellationToken
        )!;
        Assert.Equal(0, explanations.Count);
        Assert.Contains("nor in the cache", explanations.MissingReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_normalizes_by_speaker_gets_the_statistics_of_the_evaluation()
    {
        var path = LogMelModels.Write(folder.PathOf("speaker.keras"), normalization: "speaker");
        using var model = EmotionPredictor.Open([path], new() { Threads = 1 });
        var statistics = new FeatureNormalization(
            NormalizationMode.Speaker,
            [.. Enumerable.Repeat(-3f, 80)],
            [.. Enumerable.Repeat(2f, 80)]
        );
        var clip = Recording("a.wav", 0.9);
        var samples = ReadSamples("a.wav");
        var expected = model.Predict(samples, statistics);
        Assert.NotEqual(expected, model.Predict(samples));
        clip = clip with
        {
            Probabilities = expected,

            SpeakerNormalization = statistics,
        };
        var explanations = ClipExplanations.Create(
            Evaluate(clip),
            1,
            _ => [path],
            new() { Threads = 1 },
            TestContext.Current.CancellationToken
        )!;
        Assert.Equal(expected.Max(), Assert.Single(explanations.Clips).Confidence);
    }

    [Fact]
    public void The_folder_has_the_plots_and_arrays_and_is_read_again()
    {
        ExplanationsFolder.Write(folder.Path, Explain(Evaluate(Recording("a.wav", 0.9), Recording("b.wav", 1.1)), 2));
        Assert.True(File.Exists(folder.PathOf("explanations", "clip_2.png")));
        var written = Explain(Evaluate(Recording("b.wav", 1.1)), count: 4);
        ExplanationsFolder.Write(folder.Path, written);
        Assert.Equal(
            ["clip_1.png", "explanations.json"],
            Directory.GetFiles(folder.PathOf("explanations")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        var read = ExplanationsFolder.Read(folder.Path, clips: 1)!;
        Assert.Equal(written.PassedOver, read.PassedOver);
        var (expected, actual) = (Assert.Single(written.Clips), Assert.Single(read.Clips));
        Assert.Equal(expected.Plot, actual.Plot);
        Assert.Equal(expected.ProbabilityLost, actual.ProbabilityLost);
        Assert.Equal(expected.Attention!.Weights, actual.Attention!.Weights);
        Assert.Equal(
            expected with
            {
                Plot = actual.Plot,
                ProbabilityLost = actual.ProbabilityLost,
                Attention = actual.Attention,
            },
            actual
        );

        ExplanationsFolder.Write(folder.Path, null);
        Assert.False(Directory.Exists(folder.PathOf("explanations")));
        Assert.Null(ExplanationsFolder.Read(folder.Path, clips: 1));
    }

    [Fact]
    public void Keys_of_explanations_json_are_unchanged()
    {
        ExplanationsFolder.Write(folder.Path, Explain(Evaluate(Recording("a.wav", 0.9)), 1));
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("explanations", "explanations.json")))!.AsObject();
        Assert.Equal("missing_reason passed_over occlusion_step_s clips", Keys(json));
        Assert.Equal("missing unreadable too_long different", Keys(json["passed_over"]!.AsObject()));
        Assert.Equal(
            "plot row chosen_as true predicted probability seconds attention_step_s attention occlusion",
            Keys(json["clips"]![0]!.AsObject())
        );
    }

    [Fact]
    public void The_report_shows_the_plots_with_text_alternatives_and_without_paths()
    {
        var result = Evaluate(Recording("a.wav", 0.9), Recording("b.wav", 1.1));
        var section = WriteReport(result, Explain(result, count: 4))!;
        Assert.Equal(2, section.Descendants("img").Count());
        Assert.All(section.Descendants("img"), image =>
            Assert.Contains(
                "silenced half second: most is lost",
                (string)image.Attribute("alt")!,
                StringComparison.Ordinal
            )
        );
        Assert.Contains("clip 1 (", section.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("a.wav", section.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, section.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("ina", section.Value.Split(' '));
    }

    [Fact]
    public void The_report_says_why_no_clip_is_explained()
    {
        var result = Evaluate(Recording("a.wav", 0.9));
        File.Delete(folder.PathOf("a.wav"));
        Assert.Contains(
            "No clip is explained: of 1 clips that were tried, 1 without a recording at the stored path.",
            WriteReport(result, Explain(result, count: 4))!.Value,
            StringComparison.Ordinal
        );
        Assert.Null(WriteReport(result, null));
    }

    private XElement? WriteReport(EvaluationResult result, ClipExplanations? explanations)
    {
        AnalysisFolder.Write(
            folder.PathOf("analysis"),
            new("run", result, [], [], "log-mel", "0.2.0") { Explanations = explanations }
        );
        var html = File.ReadAllText(folder.PathOf("analysis", "report.html"));
        return XDocument
            .Parse(html[(html.IndexOf('>', StringComparison.Ordinal) + 1)..])
            .Descendants("section")
            .SingleOrDefault(section => section.Element("h2")?.Value == "Explained clips");
    }

    private ClipExplanations Explain(EvaluationResult result, int count) => Create(result, count)!;

    private ClipExplanations? Create(EvaluationResult result, int count) =>
        ClipExplanations.Create(
            result,
            count,
            _ => [folder.PathOf("model.keras")],
            new() { Threads = 1 },
            TestContext.Current.CancellationToken
        );

    private EvaluationResult Evaluate(params ClipPrediction[] clips) =>
        EvaluationResult.Compute(
            predictor.Labels,
            [
                .. clips.Select(clip =>
                    clip with
                    {
                        Predicted = predictor.Labels[ClassProbabilities.FindMostProbable(clip.Probabilities)],
                    }
                ),
            ],
            PredictionBuilder.BySpeaker,
            new RandomStream(1).SampleBelow
        );

    // A recording, and its prediction by the model.
    private ClipPrediction Recording(string name, double seconds)
    {
        WavWriter.Write(folder.PathOf(name), LogMelModels.Sweep(seconds), 16_000);
        var probabilities = Predict(seconds);
        return new(folder.PathOf(name), "ina", predictor.Labels[0], "", probabilities, null, null, null);
    }

    private double[] Predict(double seconds) => predictor.Predict(LogMelModels.Sweep(seconds));

    private static double[] Shift(double[] probabilities) => [.. probabilities[1..], probabilities[0]];

    private float[] ReadSamples(string name) => AudioReader.Read(folder.PathOf(name)).Samples;

    private static ClipPrediction Clip(string path, int truth, double[] probabilities) =>
        new(path, null, $"{truth}", probabilities[0] > 0.5 ? "0" : "1", probabilities, null, null, null);

    private static string Keys(JsonObject json) => string.Join(' ', json.Select(pair => pair.Key));
}
