using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>Exported classifiers in ONNX Runtime, against this program's predictions.</summary>
public sealed class OnnxClassifierTests : IDisposable
{
    private const double Tolerance = 2e-5;

    private readonly TempFolder folder = new();

    public static TheoryData<string> Checkpoints { get; } =
    [
        .. Directory
            .GetDirectories(Fixtures.Path("encoders", "heads"))
            .Select(path => $"heads/{Path.GetFileName(path)}")
            .Append("emotion2vec/emotion2vec-plus-like"),
    ];

    private string ModelPath => folder.PathOf("m.onnx");

    public void Dispose() => folder.Dispose();

    [Theory, MemberData(nameof(Checkpoints))]
    public async Task Outputs_are_those_of_predict(string checkpoint)
    {
        using var classifier = await OpenAsync(checkpoint);

        OnnxClassifierExporter.Export(classifier, ModelPath);

        using var session = OnnxSession.Load(ModelPath, threads: 1);
        foreach (var waveform in Waveforms(checkpoint))
            AssertSame(classifier.Predict(waveform), session.Run(("samples", waveform, [waveform.Length])));
    }

    [Theory]
    [InlineData("heads/wavlm-base-classifier", 400)]
    [InlineData("heads/whisper-classifier", 1)]
    [InlineData("emotion2vec/emotion2vec-plus-like", 400)]
    public async Task A_recording_without_a_frame_gives_NaN(string checkpoint, int min)
    {
        using var classifier = await OpenAsync(checkpoint);
        OnnxClassifierExporter.Export(classifier, ModelPath);
        using var session = OnnxSession.Load(ModelPath, threads: 1);
        Assert.Equal($"{min}", session.Metadata["least_samples"]);
        var waveform = Waveforms(checkpoint).First();
        AssertSame(classifier.Predict(waveform.AsSpan(0, min)), session.Run(("samples", waveform[..min], [min])));
        foreach (var count in (int[])[0, min - 1])
            Assert.All(session.Run(("samples", waveform[..count], [count])), value => Assert.True(float.IsNaN(value)));
        waveform[^1] = float.PositiveInfinity;
        Assert.All(session.Run(("samples", waveform, [waveform.Length])), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public async Task A_recording_longer_than_Whispers_window_gives_NaN_and_the_limit_is_documented()
    {
        using var classifier = await OpenAsync("heads/whisper-classifier");

        var result = OnnxClassifierExporter.Export(classifier, ModelPath);

        Assert.Contains("at most 30 seconds", Assert.Single(result.Notices), StringComparison.Ordinal);
        using var session = OnnxSession.Load(ModelPath, threads: 1);
        Assert.Equal("480000", session.Metadata["max_samples"]);
        var waveform = new float[480_001];
        Assert.All(session.Run(("samples", waveform, [480_001])), value => Assert.True(float.IsNaN(value)));
        Assert.All(session.Run(("samples", waveform[1..], [480_000])), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public async Task The_metadata_hold_the_labels_and_what_the_outputs_are()
    {
        using var classes = await OpenAsync("heads/hubert-large-superb-like");
        OnnxClassifierExporter.Export(classes, ModelPath);
        using var session = OnnxSession.Load(ModelPath, threads: 1);
        Assert.Equal("""["neutral","happy","angry","sad"]""", session.Metadata["labels"]);
        Assert.Equal("""["neu","hap","ang","sad"]""", session.Metadata["published_labels"]);
        Assert.Equal("probabilities", session.Metadata["outputs"]);
        Assert.Equal("hubert", session.Metadata["model_type"]);
        Assert.Equal("unknown", session.Metadata["training_data"]);
        Assert.Equal(classes.Revision, session.Metadata["classifier_revision"]);
        Assert.Equal("16000", session.Metadata["sample_rate_hz"]);
        Assert.Equal("0.1.0", session.Metadata["attn_crnn_version"]);
    }

    [Fact]
    public async Task The_output_of_a_dimensional_model_is_named_values()
    {
        using var classifier = await OpenAsync("heads/audeering-dimensional");
        OnnxClassifierExporter.Export(classifier, ModelPath);
        using var session = OnnxSession.Load(ModelPath, threads: 1);
        Assert.Equal("values", session.Metadata["outputs"]);
        Assert.Equal(["values"], session.OutputNames);
    }

    [Fact]
    public async Task Large_weights_are_stored_in_a_file_beside_the_model()
    {
        using var classifier = await OpenAsync("heads/wavlm-large-weighted");

        var result = OnnxClassifierExporter.Export(classifier, ModelPath, maxInlineBytes: 0);

        Assert.Equal([ModelPath, ModelPath + ".data"], result.Files);
        using var session = OnnxSession.Load(ModelPath, threads: 1);
        Assert.Equal("m.onnx.data", session.Metadata["weights_file"]);
        var waveform = Waveforms("heads/wavlm-large-weighted").First();
        AssertSame(classifier.Predict(waveform), session.Run(("samples", waveform, [waveform.Length])));
    }

    [Fact]
    public async Task Exporting_again_gives_the_same_bytes()
    {
        using var classifier = await OpenAsync("heads/wavlm-base-classifier");
        OnnxClassifierExporter.Export(classifier, ModelPath);
        OnnxClassifierExporter.Export(classifier, folder.PathOf("again.onnx"));
        Assert.Equal(
            await File.ReadAllBytesAsync(ModelPath, TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(folder.PathOf("again.onnx"), TestContext.Current.CancellationToken)
        );
    }

    private static void AssertSame(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private static Task<SpeechClassifier> OpenAsync(string checkpoint) =>
        SpeechClassifier.OpenAsync(
            Fixtures.Path("encoders", checkpoint),
            new() { Threads = 1 },
            TestContext.Current.CancellationToken
        );

    private static IEnumerable<float[]> Waveforms(string checkpoint) =>
        NpzFile
            .Read(Path.Combine(Fixtures.Path("encoders", checkpoint), "expected.npz"))
            .Where(array => array.Key.EndsWith("/waveform", StringComparison.Ordinal))
            .Select(array => array.Value.ToSingles());
}
