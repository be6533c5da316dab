using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Export;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Prediction;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>The temperature in the graph of an archive: what Keras predicts is what this program predicts.</summary>
public sealed class KerasTemperatureTests : IDisposable
{
    private const string Rescaled = "layers/temperature_rescaling.keras";
    private const string RescaledArrays = "layers/temperature_rescaling.npz";
    private const string Folded = "layers/temperature_folded.keras";

    private const string OlderRun = "attn_crnn_v2_20261128_233137/best_attn_crnn_model.keras";

    private static readonly string[] Labels = ["a", "b", "c", "d"];
    private static readonly NetworkOptions Network = new(5, 4);

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name + ModelFile.Extension);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Rescaled, 1.7)]
    [InlineData(Folded, 1)]
    public void Probabilities_of_a_calibrated_archive_match_Keras(string name, double temperature)
    {
        using var predictor = Predictor.Load(Fixtures.Path("keras", name), 1, labels: Labels);
        Assert.Equal(temperature, predictor.Info.Temperature, 1e-12);
        AssertAsInKeras(predictor, Path.ChangeExtension(name, ".npz"));
    }

    [Fact]
    public void An_archive_of_Keras_round_trips_with_its_temperature()
    {
        var first = ModelFile.Read(Fixtures.Path("keras", Rescaled), Labels, withOptimizer: true);
        ModelFileWriter.Write(PathOf("a"), first.Info, first.Tensors, first.Optimizer);
        var second = ModelFile.Read(PathOf("a"), withOptimizer: true);
        FloatAssert.BitIdentical(first.Tensors, second.Tensors);
        FloatAssert.BitIdentical(first.Optimizer!.FirstMoments, second.Optimizer!.FirstMoments);
        FloatAssert.BitIdentical(first.Optimizer.SecondMoments, second.Optimizer.SecondMoments);
        Assert.Equal(first.Info.Temperature, second.Info.Temperature);
        using var predictor = Predictor.Load(PathOf("a"), 1);
        AssertAsInKeras(predictor);
        using var original = Predictor.Load(Fixtures.Path("keras", Rescaled), 1, labels: Labels);
        Assert.Equal(original.Predict(ClipsOfKeras()), predictor.Predict(ClipsOfKeras()));
    }

    [Theory]
    [InlineData(0.4)]
    [InlineData(1.1)]
    [InlineData(1.7)]
    [InlineData(20)]
    public void The_scale_in_the_graph_gives_the_probabilities_of_this_program(double temperature)
    {
        var builder = RandomModelBuilder.Create(Network, seed: 4, temperature: temperature);
        ModelFileWriter.Write(PathOf("a"), builder.Model, builder.Tensors);
        var rescaling = Layer("a", "rescaling")["config"]!;
        var scale = (float)rescaling["scale"]!.GetValue<double>();
        Assert.Equal(0, rescaling["offset"]!.GetValue<double>());
        var frames = RandomModelBuilder.Frames(Network, 40, seed: 2);
        using var raw = (builder with { Model = builder.Model with { Temperature = 1 } }).Load(folder.Path);
        // keras/src/layers/preprocessing/rescaling.py, in float32: x * scale + offset; then softmax.
        double[] powers =
        [
            .. raw.Predict([frames])[0].Select(probability => Math.Exp((float)Math.Log(probability) * scale)),
        ];
        using var predictor = Predictor.Load(PathOf("a"), 1);
        FloatAssert.Near([.. powers.Select(power => power / powers.Sum())], predictor.Predict([frames])[0], 1e-6);
    }

    [Theory]
    [InlineData("corpus")]
    [InlineData("speaker")]
    [InlineData("v1")]
    public void An_older_archive_without_temperature_keeps_the_bytes_of_its_graph_and_weights(string name)
    {
        var path = Fixtures.Path("golden", "models", $"{name}.keras");
        var older = ModelFile.Read(path, withOptimizer: true);
        Assert.Equal(1, older.Info.Temperature);
        ModelFileWriter.Write(PathOf("a"), older.Info, older.Tensors, older.Optimizer);
        foreach (var entry in (string[])["metadata.json", "config.json", "model.weights.h5"])
            Assert.Equal(KerasBuilder.FromFile(path)[entry], KerasBuilder.FromFile(PathOf("a"))[entry]);
    }

    [Fact]
    public async Task An_older_archive_is_exported_with_its_temperature_in_the_graph()
    {
        // Written by version 0.1.0, with the temperature in attn_crnn.json alone.
        var path = Fixtures.Path("golden", "runs", "log-mel", "finished", "checkpoints", OlderRun);
        var older = ModelFile.Read(path, withOptimizer: true);
        Assert.Equal(0.46257046253720685, older.Info.Temperature);
        Assert.DoesNotContain("Rescaling", $"{KerasBuilder.FromFile(path).Config}", StringComparison.Ordinal);
        await ModelExporters
            .Find("keras")!
            .ExportAsync(older, PathOf("new"), new(), TestContext.Current.CancellationToken);
        Assert.Equal(
            1 / older.Info.Temperature,
            Layer("new", "rescaling")["config"]!["scale"]!.GetValue<double>(),
            1e-15
        );
        var exported = ModelFile.Read(PathOf("new"));
        Assert.Equal(older.Info.Temperature, exported.Info.Temperature);
        FloatAssert.BitIdentical(older.Tensors, exported.Tensors);
    }

    [Fact]
    public void Training_starts_from_the_weights_before_the_temperature()
    {
        var builder = RandomModelBuilder.Create(Network, seed: 4, temperature: 1.7);
        ModelFileWriter.Write(PathOf("a"), builder.Model, builder.Tensors);
        using var parameters = new Parameters(Network, training: true);
        InitialWeights.CopyTo(parameters, ModelFile.Read(PathOf("a")), builder.Model.Labels);
        foreach (var (tensor, parameter) in builder.Tensors.Zip(parameters.All))
            Assert.Equal(tensor.Values, parameter.Values.Span.ToArray());
    }

    [Fact]
    public void A_softmax_activation_may_follow_the_temperature()
    {
        KerasBuilder
            .FromFixture(Rescaled)
            .WithConfig(
                (_, layer) =>
                {
                    layer("softmax")["class_name"] = "Activation";
                    ((JsonObject)layer("softmax")["config"]!).Remove("axis");
                    layer("softmax")["config"]!["activation"] = "softmax";
                }
            )
            .Save(PathOf("x"));
        using var predictor = Predictor.Load(PathOf("x"), 1, labels: Labels);
        AssertAsInKeras(predictor);
    }

    [Theory]
    [InlineData("scale", "0.0")]
    [InlineData("scale", "-0.5")]
    [InlineData("scale", "0.0005")] // a temperature of 2000
    [InlineData("scale", "1e39")] // infinite in float32
    [InlineData("scale", "null")]
    [InlineData("scale", "\"0.5\"")]
    [InlineData("scale", "[0.5,0.5,0.5,0.6]")]
    [InlineData("offset", "0.25")]
    [InlineData("offset", "[0,0,0,1]")]
    [InlineData("dtype", "\"int8\"")]
    [InlineData("per_class", "true")]
    public void A_rescaling_that_is_no_temperature_is_rejected(string option, string value)
    {
        KerasBuilder
            .FromFixture(Rescaled)
            .WithConfig((_, layer) => layer("rescaling")["config"]![option] = JsonNode.Parse(value))
            .Save(PathOf("x"));
        AssertRejected($"layer 'rescaling' (Rescaling) with {option} {value}");
    }

    [Theory]
    [InlineData("input_layer_2", "expected a Conv1D")] // of the input, as for images
    [InlineData("dropout_5", "expected a Dense")]
    [InlineData("rescaling", "expected softmax, as an Activation")]
    public void A_rescaling_elsewhere_is_rejected(string preceding, string expected)
    {
        KerasBuilder
            .FromFixture(Rescaled)
            .WithConfig((config, layer) => Insert(config, layer(preceding)))
            .Save(PathOf("x"));
        AssertRejected($"layer 'further' (Rescaling), {expected}");
    }

    [Theory]
    [InlineData(Folded, "dense_7")]
    [InlineData(Rescaled, "softmax")]
    public void A_rescaling_of_probabilities_is_rejected(string fixture, string last)
    {
        KerasBuilder
            .FromFixture(fixture)
            .WithConfig(
                (config, layer) =>
                {
                    Insert(config, layer(last));
                    config["config"]!["output_layers"] = new JsonArray("further", 0, 0);
                }
            )
            .Save(PathOf("x"));
        AssertRejected("layer 'further' (Rescaling), expected nothing after the probabilities");
    }

    [Fact]
    public void A_description_with_another_temperature_than_the_graph_is_rejected()
    {
        var builder = RandomModelBuilder.Create(Network, seed: 4, temperature: 1.7);
        ModelFileWriter.Write(PathOf("a"), builder.Model, builder.Tensors);
        KerasBuilder
            .FromFile(PathOf("a"))
            .WithText(ModelDescription.Entry, text =>
                text.Replace("\"temperature\": 1.7", "\"temperature\": 1.8", StringComparison.Ordinal)
            )
            .Save(PathOf("x"));
        AssertRejected("temperature 1.8, and 1.7 in the graph", labels: null);
    }

    [Fact]
    public void A_temperature_whose_scale_exceeds_float32_is_not_written()
    {
        var builder = RandomModelBuilder.Create(Network, seed: 4, temperature: 1e-40);
        Assert.Contains(
            "temperature 1E-40, whose inverse exceeds float32",
            Assert
                .Throws<ArgumentException>(() => ModelFileWriter.Write(PathOf("a"), builder.Model, builder.Tensors))
                .Message,
            StringComparison.Ordinal
        );
    }

    private static void Insert(JsonObject config, JsonObject preceding) =>
        KerasGraphEditor.InsertAfter(config, preceding, "Rescaling", "further", new() { ["scale"] = 0.5 });

    private JsonObject Layer(string file, string name) =>
        KerasBuilder.FromFile(PathOf(file)).Config["config"]!["layers"]!
            .AsArray()
            .Select(layer => layer!.AsObject())
            .Single(layer => (string?)layer["name"] == name);

    private static FrameMatrix[] ClipsOfKeras(string arrays = RescaledArrays)
    {
        var x = KerasNetworkBuilder.Arrays(arrays)["x"];
        var (frames, width) = (x.Shape[1], x.Shape[2]);
        return [.. x.ToSingles().Chunk(frames * width).Select(clip => new FrameMatrix(clip, frames, 1, width))];
    }

    private static void AssertAsInKeras(Predictor predictor, string arrays = RescaledArrays)
    {
        var expected = KerasNetworkBuilder.Arrays(arrays)["y"].ToSingles();
        double[] actual = [.. predictor.Predict(ClipsOfKeras(arrays)).SelectMany(probabilities => probabilities)];
        FloatAssert.Near([.. expected.Select(value => (double)value)], actual, 1e-6);
    }

    private void AssertRejected(string expected) => AssertRejected(expected, Labels);

    private void AssertRejected(string expected, string[]? labels) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(PathOf("x"), labels)).Message,
            StringComparison.Ordinal
        );
}
