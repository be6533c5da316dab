using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>ONNX files of an older version run, and its models are exported to the same files today.</summary>
[Requires("unix")]
public sealed class GoldenOnnxTests : IDisposable
{
    private readonly GoldenFiles files = new();

    public static TheoryData<string> Models => GoldenModelsTests.Models;

    public void Dispose() => files.Dispose();

    [Theory, MemberData(nameof(Models))]
    public void Probabilities_of_an_older_ONNX_file_are_unchanged_for_frames(string name) =>
        AssertFromStore(name, files.PathOf("models", $"{name}.onnx"));

    [Theory, MemberData(nameof(Models))]
    public void An_older_model_is_exported_to_the_same_graph(string name)
    {
        files.Run("export", $"models/{name}.keras", "--to", "onnx", "--out", "new.onnx");
        var olderFile = File.ReadAllBytes(files.PathOf("models", $"{name}.onnx"));
        // The metadata, which comes last, begins with the labels.
        var end = olderFile.AsSpan().LastIndexOf("labels"u8);
        Assert.Equal(olderFile[..end], File.ReadAllBytes(files.PathOf("new.onnx"))[..end]);
    }

    [Theory, MemberData(nameof(Models))]
    public void Exported_metadata_is_unchanged(string name)
    {
        files.Run("export", $"models/{name}.keras", "--to", "onnx", "--out", "new.onnx");
        using var olderSession = OnnxSession.Load(files.PathOf("models", $"{name}.onnx"), threads: 1);
        using var newSession = OnnxSession.Load(files.PathOf("new.onnx"), threads: 1);
        Assert.Equal(olderSession.Metadata.Keys.Order(), newSession.Metadata.Keys.Order());
        // Notes for people, whose wording may change.
        string[] keys = ["synthetic", "normalised"];
        foreach (var (key, value) in olderSession.Metadata.Where(entry => !keys.Contains(entry.Key)))
            Assert.Equal(value, newSession.Metadata[key]);
    }

    [Fact]
    public void Probabilities_of_an_older_ONNX_file_are_unchanged_for_samples() =>
        AssertFromSamples("layers", files.PathOf("models", "layers-waveform.onnx"));

    [Theory]
    [InlineData("corpus")]
    [InlineData("layers")]
    public void Exporting_an_older_model_with_its_encoder_leaves_probabilities_unchanged(string name)
    {
        files.Run("export", $"models/{name}.keras", "--to", "onnx", "--waveform", "--out", "new.onnx");
        AssertFromSamples(name, files.PathOf("new.onnx"));
    }

    private void AssertFromStore(string name, string path)
    {
        var expected = files.Expected["models"]![name]!["probabilities_from_store"]!;
        using var store = FeatureStore.Open([files.PathOf("features", $"{files.Expected["models"]![name]!["store"]}")]);
        using var session = OnnxSession.Load(path, threads: 1);
        var normalization = ModelFile.Read(files.PathOf("models", $"{name}.keras")).Info.Normalization;
        var encoder = store.Description.Encoder;
        var actual = new JsonObject();
        foreach (var (clip, _) in expected.AsObject())
        {
            var frames = files.Frames(store, clip);
            // A model normalized by speaker takes normalized frames: without a speaker, by the model's own statistics.
            if (name == "speaker")
                normalization.Apply(frames);
            var count = frames.Length / encoder.FrameWidth;
            int[] shape =
                encoder.LayerCount == 1 ? [1, count, encoder.Width] : [1, count, encoder.LayerCount, encoder.Width];
            actual[clip] = ByLabel(session, session.Run(("lengths", [count]), ("frames", frames, shape)));
        }
        GoldenAssert.ProbabilitiesEqual(expected, actual, GoldenFiles.OnnxRuntimeTolerance);
    }

    private void AssertFromSamples(string name, string path)
    {
        var expected = files.Expected["models"]![name]!["probabilities"]!;
        using var session = OnnxSession.Load(path, threads: 1);
        var actual = new JsonObject();
        foreach (var (clip, _) in expected.AsObject())
        {
            var samples = AudioReader.Read(files.PathOf(clip)).Samples;
            actual[clip] = ByLabel(session, session.Run(("samples", samples, [samples.Length])));
        }
        GoldenAssert.ProbabilitiesEqual(expected, actual, GoldenFiles.OnnxRuntimeTolerance);
    }

    private static JsonObject ByLabel(OnnxSession session, float[] probabilities)
    {
        var labels = JsonNode.Parse(session.Metadata["labels"])!.AsArray().Select(label => $"{label}");
        return new(labels.Zip(probabilities.Select(p => (JsonNode?)(double)p), KeyValuePair.Create));
    }
}
