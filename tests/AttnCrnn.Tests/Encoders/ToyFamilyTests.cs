using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Features;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Encoders;

/// <summary>A family outside the library's list works through the interface alone: <see cref="ToyFamily"/>.</summary>
public sealed class ToyFamilyTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly ToyCheckpoint checkpoint = new();
    private readonly TempFolder folder = new();
    private readonly List<string> notices = [];

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Clips_are_extracted_to_a_store_with_the_familys_preprocessing_hop_and_default_layers()
    {
        var clips = ToneClipBuilder.Create(folder, 3, "a", "b");
        using var encoder = Open();
        var options = new ExtractionOptions(folder.PathOf("store")) { Precision = StorePrecision.Float32 };
        new FeatureExtractor(encoder, options, TimeProvider.System).Run(clips, synthetic: true);
        using var store = FeatureStore.Open([options.OutputDirectory]);
        Assert.Equal(
            (125.0, "0-1", ToyCheckpoint.Width),
            (
                store.Description.Encoder.FramesPerSecond,
                store.Description.Encoder.Layers,
                store.Description.Encoder.Width
            )
        );
        for (var clip = 0; clip < clips.Length; clip++)
        {
            var waveform = AttnCrnn.Audio.AudioReader.Read(store.Clips[clip].Path).Samples;
            var states = checkpoint.ComputeStates(waveform);
            var mean = states[0].Zip(states[1], (first, second) => (float)((first + second) / 2)).ToArray();
            FloatAssert.Near(mean, FeatureStoreBuilder.ReadFrames(store, clip), Tolerance, $"clip {clip}");
        }
    }

    [Fact]
    public void Layers_may_have_a_rate_of_their_own()
    {
        using var encoder = Open("last");
        var waveform = Noise(1000); // 7 blocks
        var frames = encoder.Encode(waveform);
        var expected = checkpoint.ComputeStates(waveform)[1].Chunk(ToyCheckpoint.Width).ToArray();
        Assert.Equal(62.5, encoder.Description.FramesPerSecond);
        Assert.Equal(3, frames.Count);
        var everySecond = expected.Take(6).Where((_, i) => i % 2 == 0).SelectMany(frame => frame);
        FloatAssert.Near([.. everySecond.Select(value => (float)value)], frames.Values, Tolerance, "last");
    }

    [Theory]
    [InlineData("all")]
    [InlineData("last")]
    public void A_recording_in_chunks_has_the_frames_of_the_whole_recording(string layers)
    {
        var waveform = Noise(20 * 16_000);
        using var whole = Open(layers);
        using var chunked = Open(layers, new() { ChunkSeconds = 8 });
        Assert.Equal(whole.Encode(waveform).Values, chunked.Encode(waveform).Values);
        Assert.EndsWith("-1-chunk8-toy", chunked.Description.Revision, StringComparison.Ordinal);
    }

    [Fact]
    public void The_exported_graph_computes_the_encoders_frames_from_samples()
    {
        var waveform = Noise(3000);
        using var encoder = Open("all");
        var graph = new GraphBuilder("toy");
        var frames = ((IGraphEncoder)encoder).AddToGraph(graph, graph.AddInput("samples", "samples"));
        graph.AddOutput("frames", frames, -1, 2 * ToyCheckpoint.Width);
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        var exported = session.Run(("samples", waveform, [waveform.Length]));
        FloatAssert.Near(encoder.Encode(waveform).Values, exported, Tolerance, "graph");
    }

    [Fact]
    public async Task A_repository_of_the_hub_is_downloaded_in_the_familys_layout()
    {
        using var hub = new FakeHub();
        hub.Intercept = Answer;
        var opener = new EncoderOpener(ToyCheckpoint.Families, notices.Add) { CreateClient = () => hub.Client() };
        using var encoder = await opener.OpenAsync(new("tiny/toy"), TestContext.Current.CancellationToken);
        Assert.Equal($"{FakeHub.Commit}-1-toy", encoder.Description.Revision);
        var waveform = Noise(1000);
        using var local = Open();
        Assert.Equal(local.Encode(waveform).Values, encoder.Encode(waveform).Values);
    }

    [Fact]
    public void The_revision_of_a_folder_depends_on_the_familys_configuration()
    {
        using var other = new ToyCheckpoint(ToyFamily.Type, "comment = 1");
        using var encoder = Open();
        using var otherEncoder = Open(new EncoderRequest(other.Folder));
        Assert.NotEqual(encoder.Description.Revision, otherEncoder.Description.Revision);
    }

    [Fact]
    public void A_warning_of_the_family_names_the_encoder()
    {
        using var encoder = Open("last");
        Assert.Equal($"{checkpoint.Folder} is a toy", Assert.Single(notices));
    }

    [Fact]
    public void What_the_family_does_not_support_is_rejected_by_name()
    {
        using var biased = new ToyCheckpoint(ToyFamily.Type, "bias = 1");
        var setting = Assert.Throws<InvalidFileException>(() => Open(new EncoderRequest(biased.Folder)));
        Assert.StartsWith(Path.Combine(biased.Folder, "toy.ini"), setting.Message, StringComparison.Ordinal);
        Assert.Contains("bias 1", setting.Message, StringComparison.Ordinal);

        var precision = Rejects(new() { Precision = SpeechPrecision.Int8 });
        Assert.StartsWith("precision int8: encoders of type toy", precision, StringComparison.Ordinal);

        var context = Rejects(new() { Context = EncoderContext.Padded });
        Assert.Contains(
            "only Whisper has a window of a fixed length, and this is toy",
            context,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_configuration_of_another_model_is_rejected_with_the_types_of_all_families()
    {
        using var other = new ToyCheckpoint("game");
        var error = Assert.Throws<InvalidFileException>(() => Open(new EncoderRequest(other.Folder)));
        Assert.Equal(Path.Combine(other.Folder, "toy.ini"), error.File);
        Assert.Contains(string.Join(", ", ToyCheckpoint.Families.ModelTypes), error.Expected, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_tensor_is_reported_with_the_familys_configuration()
    {
        File.WriteAllText(
            Path.Combine(checkpoint.Folder, "toy.ini"),
            $"model = toy\nhop = {ToyCheckpoint.Hop + 1}\nwidth = {ToyCheckpoint.Width}"
        );
        var error = Assert.Throws<InvalidInputException>(() => Open());
        Assert.Contains(
            "the checkpoint does not fit its toy.ini: net.a.weight [3, 128]",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_config_json_of_something_else_does_not_hide_the_familys_configuration()
    {
        File.WriteAllText(Path.Combine(checkpoint.Folder, "config.json"), """{"framework": "pytorch"}""");
        using var encoder = Open();
        Assert.Equal("0-1", encoder.Description.Layers);
    }

    [Fact]
    public void The_librarys_own_list_does_not_know_the_family()
    {
        var error = Assert.Throws<InvalidFileException>(() => EncoderCatalog.Open(new(checkpoint.Folder), notices.Add));
        Assert.Equal("no config.json or config.yaml", error.Found);
    }

    private string Rejects(SpeechOptions options) =>
        Assert.Throws<InvalidInputException>(() => Open("", options)).Message;

    private IEncoder Open(string layers = "", SpeechOptions? options = null) =>
        Open(new EncoderRequest(checkpoint.Folder, layers) { Speech = options ?? new() });

    private IEncoder Open(EncoderRequest request) =>
        new EncoderOpener(ToyCheckpoint.Families, notices.Add).Open(request, TestContext.Current.CancellationToken);

    private static float[] Noise(int samples)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, samples).Select(_ => (float)random.NextDouble())];
    }

    // A repository with the two files of the checkpoint, as the hub answers for small files.
    private HubReply Answer(HubRequest request)
    {
        var path = Path.Combine(checkpoint.Folder, request.Path.Split('?')[0].Split('/')[^1]);
        if (!File.Exists(path))
            return HubReply.Create(404, ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", FakeHub.Commit));
        var bytes = File.ReadAllBytes(path);
        var header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {bytes.Length}\0"));
#pragma warning disable CA5350 // the hub identifies small files by git's hash
        var etag = Convert.ToHexStringLower(SHA1.HashData([.. header, .. bytes]));
#pragma warning restore CA5350
        return HubReply.Create(200, ("ETag", $"\"{etag}\""), ("X-Repo-Commit", FakeHub.Commit)) with { Body = bytes };
    }
}
