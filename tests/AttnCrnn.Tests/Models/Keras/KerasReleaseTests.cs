using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>
/// One network as every release of Keras from 2.12 to 3.15 writes it, on three backends
/// (tests/fixtures/keras/versions).
/// </summary>
public sealed class KerasReleaseTests : IDisposable
{
    // A program of NumPy that reads these files has at most 4e-7 (README of the fixtures).
    private const double MaxError = 1e-6;

    private const string Legacy = "2.15.0-tf-legacy.h5";

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Files =>
        [
            .. Directory
                .EnumerateFiles(Fixtures.Path("keras", "versions"))
                .Where(path => Path.GetExtension(path) is ".keras" or ".h5")
                .Select(path => Path.GetFileName(path)!)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Probabilities_of_every_file_match_the_Keras_that_wrote_it(string name)
    {
        var arrays = ReadArrays(name);
        var expected = arrays["y"].ToSingles();
        var classes = arrays["y"].Shape[1];
        using var predictor = Predictor.Load(GetPath(name), 1, labels: CreateLabels(classes));
        var probabilities = predictor.Predict(ListClips(arrays["x"]));
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], probabilities[i / classes][i % classes], MaxError);
        Assert.Empty(predictor.Notices);
    }

    [Fact]
    public void There_is_a_file_of_every_minor_release()
    {
        string[] releases =
        [
            .. Enumerable.Range(12, 4).Select(minor => $"2.{minor}"),
            .. Enumerable.Range(0, 16).Select(minor => $"3.{minor}"),
        ];
        string[] files = [.. Files.Select(row => row.Data)];
        Assert.All(releases, release =>
            Assert.Contains(files, file => file.StartsWith(release + ".", StringComparison.Ordinal))
        );
    }

    [Theory]
    [InlineData("2.14.0-tf-trained.keras")]
    [InlineData("3.7.0-tensorflow-trained.keras")]
    [InlineData("3.15.1-jax-trained.keras")]
    public void The_state_of_Adam_is_read_with_and_without_a_stored_learning_rate(string name)
    {
        var state = ModelFile.Read(GetPath(name), CreateLabels(5), withOptimizer: true).Optimizer!;
        Assert.True(state.Steps > 0);
        Assert.Equal(1e-3f, state.LearningRate);
        Assert.Equal(19, state.FirstMoments.Count);
        Assert.All(state.SecondMoments, moment => Assert.All(moment.Values, value => Assert.True(value >= 0)));
    }

    [Fact]
    public void A_file_that_has_a_state_of_the_optimizer_says_that_it_is_not_read()
    {
        var labels = CreateLabels(3);
        Assert.Contains(
            "the state of the optimizer is not read",
            Assert.Single(ModelFile.Read(GetPath(Legacy), labels, withOptimizer: true).Notices),
            StringComparison.Ordinal
        );
        Assert.Empty(ModelFile.Read(GetPath(Legacy), labels).Notices);
    }

    [Theory]
    [InlineData("2.12.0-tf-plain.keras", 4)]
    [InlineData("2.12.0-tf-misnamed.keras", 4)]
    [InlineData("3.15.1-jax-legacy.h5", 3)]
    public void What_is_read_is_written_as_Keras_3_writes_it(string name, int classes)
    {
        var model = ModelFile.Read(GetPath(name), CreateLabels(classes));
        ModelFileWriter.Write(PathOf("x.keras"), model.Info, model.Tensors);
        Assert.Equal(
            model.Tensors.Select(tensor => tensor.Values),
            ModelFile.Read(PathOf("x.keras")).Tensors.Select(tensor => tensor.Values)
        );
    }

    [Theory]
    [InlineData("3.3.3-jax-plain.keras", "mask")]
    [InlineData("3.9.2-jax-plain.keras", "mask")]
    public void A_mask_of_Attention_is_rejected_by_name(string name, string argument)
    {
        KerasBuilder
            .FromFixture($"versions/{name}")
            .WithConfig(
                (_, layer) =>
                {
                    var node = layer("attention")["inbound_nodes"]![0]!;
                    node["kwargs"]![argument] = new JsonArray(null, node["args"]![0]![0]!.DeepClone());
                }
            )
            .Save(PathOf("x.keras"));
        AssertRejected(PathOf("x.keras"), 4, $"called with {argument} =");
    }

    [Theory]
    [InlineData("2.12.0-tf-plain.keras", "Attention", "masking", 4)]
    [InlineData("2.15.0-tf-plain.keras", "LayerNormalization", "window", 4)]
    [InlineData("3.15.1-jax-plain.keras", "Bidirectional", "future_option", 4)]
    public void An_option_of_a_later_version_is_rejected_by_name(string name, string layer, string option, int classes)
    {
        KerasBuilder
            .FromFixture($"versions/{name}")
            .WithConfig(
                (config, _) =>
                    ((JsonArray)config["config"]!["layers"]!).Single(item => (string)item!["class_name"]! == layer)![
                        "config"
                    ]![option] = 3
            )
            .Save(PathOf("x.keras"));
        AssertRejected(PathOf("x.keras"), classes, $"with {option} 3");
    }

    [Fact]
    public void A_key_of_a_layer_that_no_version_writes_is_rejected_by_name()
    {
        KerasBuilder
            .FromFixture("versions/3.15.1-jax-plain.keras")
            .WithConfig((_, layer) => layer("dense")["adapter"] = new JsonObject { ["rank"] = 4 })
            .Save(PathOf("x.keras"));
        AssertRejected(PathOf("x.keras"), 4, "'adapter'");
    }

    [Fact]
    public void A_key_of_the_model_that_no_version_writes_is_rejected_by_name()
    {
        KerasBuilder
            .FromFixture("versions/3.15.1-jax-plain.keras")
            .WithConfig((config, _) => config["config"]!["time_axis"] = 2)
            .Save(PathOf("x.keras"));
        AssertRejected(PathOf("x.keras"), 4, "a model with the key 'time_axis' 2");
    }

    [Theory]
    [InlineData("\"time_major\": false", "\"time_major\": 12345", "time_major")]
    [InlineData("\"noise_shape\": null", "\"noise_shape\": true", "noise_shape")]
    [InlineData("\"keepdims\": false", "\"keepdims\": 12345", "keepdims")]
    [InlineData("model_config", "model_c0nfig", "without model_config")]
    [InlineData("2.15.0", "2.11.0", "Keras 2.12 to 2.15, or 3.0 to 3.15")]
    [InlineData("dense_1/bias:0", "dense_1/b1as:0", "as the bias of a layer")]
    [InlineData("dense_1/bias:0", "dense_2/bias:0", "dense_2/bias:0")]
    public void An_invalid_HDF5_file_is_rejected_with_the_reason(string oldText, string newText, string reason)
    {
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(GetPath(Legacy)));
        Assert.Contains(oldText, text, StringComparison.Ordinal);
        File.WriteAllBytes(
            PathOf("x.h5"),
            Encoding.Latin1.GetBytes(text.Replace(oldText, newText, StringComparison.Ordinal))
        );
        AssertRejected(PathOf("x.h5"), 3, reason);
    }

    [Fact]
    public void A_truncated_HDF5_file_is_rejected()
    {
        var bytes = File.ReadAllBytes(GetPath(Legacy));
        File.WriteAllBytes(PathOf("x.h5"), bytes[..(bytes.Length / 2)]);
        AssertRejected(PathOf("x.h5"), 3, "x.h5");
    }

    private static void AssertRejected(string path, int classes, string expected)
    {
        var exception = Assert.Throws<InvalidFileException>(() => ModelFile.Read(path, CreateLabels(classes)));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private static string GetPath(string name) => Fixtures.Path("keras", "versions", name);

    private static string[] CreateLabels(int classes) => [.. Enumerable.Range(0, classes).Select(i => $"label{i}")];

    private static IReadOnlyDictionary<string, NpyArray> ReadArrays(string name) =>
        NpzFile.Read(GetPath(Path.ChangeExtension(name, ".npz")));

    private static FrameMatrix[] ListClips(NpyArray x)
    {
        var (frames, width) = (x.Shape[1], x.Shape[2]);
        return [.. x.ToSingles().Chunk(frames * width).Select(clip => new FrameMatrix(clip, frames, 1, width))];
    }
}
