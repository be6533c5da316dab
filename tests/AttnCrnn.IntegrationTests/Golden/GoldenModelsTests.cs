using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Models of every kind, trained by an older version, give unchanged predictions and metrics.</summary>
[Requires("unix")]
public sealed class GoldenModelsTests : IDisposable
{
    private readonly GoldenFiles files = new();

    public static TheoryData<string> Models { get; } = new("corpus", "speaker", "none", "longest", "layers", "v1");

    public void Dispose() => files.Dispose();

    [Theory]
    [InlineData("corpus", "v2", "corpus", 1, false)]
    [InlineData("speaker", "v2", "speaker", 1, false)]
    [InlineData("none", "v2", "none", 1, false)]
    [InlineData("longest", "v2", "corpus", 1, true)]
    [InlineData("layers", "v2", "corpus", 13, false)]
    [InlineData("v1", "v1", "corpus", 1, false)]
    public void Model_metadata_describes_the_training(
        string name,
        string version,
        string normalization,
        int layers,
        bool isPadded
    )
    {
        var model = ModelFile.Read(ModelPath(name)).Info;
        Assert.Equal(version, NetworkVersions.Format(model.Network.Version));
        Assert.Equal(normalization, NormalizationModes.Format(model.Normalization.Kind));
        Assert.Equal(layers, model.Network.EncoderLayers);
        Assert.Equal(isPadded, model.Padding > 0);
        Assert.Equal(["angry", "neutral", "sad"], model.Labels);
    }

    // The manifest of the model "speaker" is not in the folder that contains SYNTHETIC.txt.
    [Theory]
    [InlineData("corpus", true)]
    [InlineData("speaker", false)]
    public void Model_metadata_states_training_on_synthetic_speech(string name, bool isSynthetic) =>
        Assert.Equal(isSynthetic, ModelFile.Read(ModelPath(name)).Info.Synthetic);

    [Theory, MemberData(nameof(Models))]
    public void Predictions_from_stored_frames_are_unchanged(string name)
    {
        var expected = files.Expected["models"]![name]!["probabilities_from_store"]!;
        using var store = FeatureStore.Open([files.PathOf("features", $"{files.Expected["models"]![name]!["store"]}")]);
        using var predictor = Predictor.Load(ModelPath(name), threads: 1);
        var encoder = store.Description.Encoder;
        var actual = new JsonObject();
        foreach (var (clip, _) in expected.AsObject())
        {
            var frames = files.Frames(store, clip);
            var matrix = new FrameMatrix(frames, frames.Length / encoder.FrameWidth, encoder.LayerCount, encoder.Width);
            actual[clip] = ByLabel(predictor.Info.Labels, Assert.Single(predictor.Predict([matrix])));
        }
        GoldenAssert.ProbabilitiesEqual(expected, actual, GoldenFiles.MetricTolerance);
    }

    [Theory, MemberData(nameof(Models))]
    public void Predictions_from_recordings_are_unchanged(string name)
    {
        var expected = files.Expected["models"]![name]!["probabilities"]!;
        var actual = files.Predict($"models/{name}.keras", expected.AsObject().Select(clip => clip.Key));
        var tolerance = name == "layers" ? GoldenFiles.OnnxRuntimeTolerance : GoldenFiles.MetricTolerance;
        GoldenAssert.ProbabilitiesEqual(expected, actual, tolerance);
    }

    [Fact]
    public void Predictions_with_speaker_normalization_are_unchanged()
    {
        var expected = files.Expected["models"]!["speaker"]!;
        var actual = files.Predict("models/speaker.keras", ["clips"], "--speaker", "first");
        GoldenAssert.ProbabilitiesEqual(expected["probabilities_as_one_speaker"]!, actual, GoldenFiles.MetricTolerance);
        var clip = expected["probabilities"]!.AsObject().First();
        Assert.NotEqual($"{clip.Value}", $"{actual[clip.Key]}");
    }

    [Theory, MemberData(nameof(Models))]
    public void Metrics_of_an_older_model_are_unchanged(string name)
    {
        var expected = files.Expected["models"]![name]!;
        var output = files.Run(
            "evaluate",
            $"models/{name}.keras",
            "--data_dirs",
            $"features/{expected["store"]}",
            "--json",
            "--quiet"
        );
        GoldenAssert.NumbersEqual(expected["metrics"]!, JsonNode.Parse(output)!, GoldenFiles.MetricTolerance);
    }

    [Theory]
    [InlineData("log-mel", GoldenFiles.MetricTolerance)]
    [InlineData("wav2vec2", GoldenFiles.OnnxRuntimeTolerance)]
    public void Predictions_of_an_older_run_are_unchanged(string name, double tolerance)
    {
        var run = files.OpenRun(name, "finished");
        var expected = files.Expected[name]!["probabilities"]!;
        var clips = expected.AsObject().Select(clip => clip.Key);
        var actual = files.Predict(run.Name, clips, "--workdir", run.WorkFolder);
        GoldenAssert.ProbabilitiesEqual(expected, actual, tolerance);
    }

    private string ModelPath(string name) => files.PathOf("models", name + ModelFile.Extension);

    private static JsonObject ByLabel(IReadOnlyList<string> labels, double[] probabilities) =>
        new(labels.Zip(probabilities, (label, probability) => KeyValuePair.Create(label, (JsonNode?)probability)));
}
