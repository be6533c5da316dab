using System.Text.Json;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Archives that Keras saved, given to the built program.</summary>
public sealed class KerasProgramTests : IDisposable
{
    private const string Labels = "n,c,h,s,a,f";

    private static readonly string Model = Fixtures.Path("keras", "lambda_named_gelu.keras");

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Predict_takes_labels_in_the_order_of_the_outputs()
    {
        var expected = Frames("lambda_named_gelu.npz", "x", "y");
        var (code, output, error) = Run("predict", Model, "clip.npz", "--json", "--labels", Labels);
        Assert.True(code == 0, error);
        Assert.Contains("the function 'gelu_tanh'", error, StringComparison.Ordinal);
        AssertProbabilities(expected, output);
    }

    [Fact]
    public void Predict_without_labels_is_rejected_with_the_remedy()
    {
        Frames("lambda_named_gelu.npz", "x", "y");
        var (code, _, error) = Run("predict", Model, "clip.npz");
        Assert.Equal(3, code);
        Assert.Contains("6 outputs", error, StringComparison.Ordinal);
        Assert.Contains("--labels", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_of_another_number_than_the_outputs_are_rejected()
    {
        Frames("lambda_named_gelu.npz", "x", "y");
        Assert.Equal(3, Run("predict", Model, "clip.npz", "--labels", "a,b").Code);
    }

    [Fact]
    public void Recordings_may_be_given_before_and_after_the_labels()
    {
        Frames("lambda_named_gelu.npz", "x", "y");
        var last = Run("predict", Model, "clip.npz", "--json", "--labels", Labels);
        var first = Run("predict", "--labels", Labels, Model, "clip.npz", "--json");
        var between = Run("predict", Model, "--labels", Labels, "clip.npz", "--json");
        Assert.Equal((0, last.Output), (first.Code, first.Output));
        Assert.Equal((0, last.Output), (between.Code, between.Output));
    }

    [Fact]
    public void An_invalid_number_of_threads_is_a_usage_error()
    {
        Frames("lambda_named_gelu.npz", "x", "y");
        var (code, _, error) = Run("predict", Model, "clip.npz", "--labels", Labels, "--threads", "0");
        Assert.Equal(2, code);
        Assert.Contains("--threads 0: expected 1 to 1024", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exported_archive_predicts_the_same_with_its_own_labels()
    {
        Frames("lambda_named_gelu.npz", "x", "y");
        var output = Run("predict", Model, "clip.npz", "--json", "--labels", Labels).Output;
        Assert.Equal(0, Run("export", Model, "--to", "keras", "--labels", Labels, "--out", "own.keras").Code);
        var exported = Run("predict", "own.keras", "clip.npz", "--json");
        Assert.Equal((0, WithoutModel(output)), (exported.Code, WithoutModel(exported.Output)));
        Assert.Equal("", exported.Error.Trim()); // the tanh form of GELU is in the graph: no warning
    }

    [Fact]
    public void Weights_exported_as_npz_have_the_labels()
    {
        Assert.Equal(0, Run("export", Model, "--to", "npz", "--labels", Labels, "--out", "w.npz").Code);
        Assert.Equal(Labels.Split(','), NpzFile.Read(PathOf("w.npz"))["labels"].ToStrings());
    }

    [Fact]
    public void Recordings_need_an_encoder_of_matching_frames()
    {
        var model = Fixtures.Path("keras", "small.keras");
        WavWriter.Write(PathOf("tone.wav"), ToneClipBuilder.Tone(1), 16000);
        string ErrorOf(params string[] arguments)
        {
            var (code, _, error) = Run(["predict", model, "tone.wav", "--labels", Labels, .. arguments]);
            Assert.Equal(arguments is ["--layers", _] ? 2 : 3, code);
            return error;
        }
        var errorWithoutEncoder = ErrorOf();
        Assert.Contains("feature dimension 12", errorWithoutEncoder, StringComparison.Ordinal);
        Assert.Contains("--encoder", errorWithoutEncoder, StringComparison.Ordinal);
        Assert.Contains("--encoder", ErrorOf("--layers", "7"), StringComparison.Ordinal);
        var errorWithOtherFrames = ErrorOf("--encoder", "log-mel");
        Assert.Contains("feature dimension 12", errorWithOtherFrames, StringComparison.Ordinal);
        Assert.Contains("log-mel", errorWithOtherFrames, StringComparison.Ordinal);
    }

    [Fact]
    public void A_clip_longer_than_a_fixed_length_is_named_when_a_store_is_evaluated()
    {
        string[] labels = Labels.Split(',');
        FeatureStoreBuilder.Write(
            PathOf("features"),
            new("test", "1", "", 100, 12, 1),
            Enumerable
                .Range(0, 12)
                .Select(clip => new StoreClip(
                    $"{clip}.wav",
                    labels[clip % 6],
                    $"s{clip}",
                    new float[(clip == 7 ? 65 : 64) * 12]
                ))
        );
        var (code, _, error) = Run(
            "evaluate",
            Fixtures.Path("keras", "original_style.keras"),
            "--data_dirs",
            "features",
            "--labels",
            Labels
        );
        Assert.True(code == 3, error);
        Assert.Contains("7.wav: 65 frames", error, StringComparison.Ordinal);
        Assert.Contains("64 frames", error, StringComparison.Ordinal);
    }

    private float[] Frames(string fixture, string x, string y)
    {
        var arrays = KerasNetworkBuilder.Arrays(fixture);
        var (frames, width) = (arrays[x].Shape[^2], arrays[x].Shape[^1]);
        FeatureNpz.Write(PathOf("clip.npz"), arrays[x].ToSingles().AsSpan(0, frames * width), frames, width, null, []);
        return arrays[y].ToSingles()[..6];
    }

    private static void AssertProbabilities(float[] expected, string json)
    {
        using var document = JsonDocument.Parse(json);
        float[] actual =
        [
            .. document
                .RootElement.GetProperty("probabilities")
                .EnumerateObject()
                .Select(probability => probability.Value.GetSingle()),
        ];
        FloatAssert.Near(expected, actual, 1e-5);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    private static string WithoutModel(string json) => json[..json.IndexOf(",\"model\":", StringComparison.Ordinal)];
}
