using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Export.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Models;

/// <summary>Model files that this program writes.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name + ModelFile.Extension);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Networks =>
        new("v2", "v1", "mix", "mix without normalisation", "by speaker", "fixed length", "tanh", "bare attention");

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_written_model_is_read_bit_identically(string kind)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFileWriter.Write(PathOf("a"), model, tensors, optimizer);
        var readModel = ModelFile.Read(PathOf("a"), withOptimizer: true);
        Assert.Equal(
            (model.Network, model.Encoder, model.Temperature, model.Padding, model.IsFixedLength),
            (
                readModel.Info.Network,
                readModel.Info.Encoder,
                readModel.Info.Temperature,
                readModel.Info.Padding,
                readModel.Info.IsFixedLength
            )
        );
        Assert.Equal(
            (model.Synthetic, model.Version, model.Saved, model.Normalization.Kind),
            (readModel.Info.Synthetic, readModel.Info.Version, readModel.Info.Saved, readModel.Info.Normalization.Kind)
        );
        Assert.Equal(model.Labels, readModel.Info.Labels);
        Assert.Equal(model.Normalization.Mean, readModel.Info.Normalization.Mean);
        Assert.Equal(model.Normalization.StandardDeviation, readModel.Info.Normalization.StandardDeviation);
        Assert.Equal(model.Training.ToJsonString(), readModel.Info.Training.ToJsonString());
        FloatAssert.BitIdentical(tensors, readModel.Tensors);
        FloatAssert.BitIdentical(optimizer.FirstMoments, readModel.Optimizer!.FirstMoments);
        FloatAssert.BitIdentical(optimizer.SecondMoments, readModel.Optimizer.SecondMoments);
        Assert.Equal(
            optimizer with
            {
                FirstMoments = [],
                SecondMoments = [],
            },
            readModel.Optimizer with
            {
                FirstMoments = [],
                SecondMoments = [],
            }
        );
        Assert.Empty(readModel.Notices);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_model_that_is_read_and_written_again_has_the_same_bytes(string kind)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFileWriter.Write(PathOf("a"), model, tensors, optimizer);
        var readModel = ModelFile.Read(PathOf("a"), withOptimizer: true);
        ModelFileWriter.Write(PathOf("b"), readModel.Info, readModel.Tensors, readModel.Optimizer);
        Assert.Equal(File.ReadAllBytes(PathOf("a")), File.ReadAllBytes(PathOf("b")));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void An_archive_resaved_by_Keras_reads_as_the_same_network(string kind)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFileWriter.Write(PathOf("a"), model, tensors, optimizer);
        KerasBuilder.FromFile(PathOf("a")).WithoutEntry("attn_crnn.json").Save(PathOf("again"));
        if (model.Normalization.Kind == NormalizationMode.Speaker)
        {
            // Without the fallback speaker statistics, every prediction would be wrong.
            Assert.Contains(
                "add the entry again",
                Assert.Throws<InvalidInputException>(() => ModelFile.Read(PathOf("again"), model.Labels)).Message,
                StringComparison.Ordinal
            );
            return;
        }
        Assert.Contains(
            "in their order, with labels",
            Assert.Throws<InvalidInputException>(() => ModelFile.Read(PathOf("again"))).Message,
            StringComparison.Ordinal
        );
        var readModel = ModelFile.Read(PathOf("again"), model.Labels);
        FloatAssert.BitIdentical(tensors, readModel.Tensors);
        Assert.Equal(model.Network with { ExactConvolution = false }, readModel.Info.Network);
        Assert.Equal(model.Temperature, readModel.Info.Temperature, 1e-12);
        Assert.Equal(model.Normalization.Mean, readModel.Info.Normalization.Mean);
        Assert.Equal(model.Normalization.StandardDeviation, readModel.Info.Normalization.StandardDeviation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fixed_length_input_is_padded_before_normalization_and_others_after(bool isFixed)
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        // Weights without saturation.
        var smallTensors = tensors.Select(modelTensor =>
            modelTensor with
            {
                Values =
                [
                    .. modelTensor.Values.Select(value =>
                        modelTensor.Name.EndsWith("variance", StringComparison.Ordinal)
                            ? 1
                            : 0.3f * MathF.Sin(7 * value)
                    ),
                ],
            }
        );
        ModelFileWriter.Write(
            PathOf("a"),
            model with
            {
                Padding = 50,

                IsFixedLength = isFixed,
            },
            [.. smallTensors]
        );
        using var predictor = Predictor.Load(PathOf("a"), 1);
        var random = new Random(5);
        float[] clip = [.. Enumerable.Range(0, 20 * 4).Select(_ => (float)random.NextDouble() * 3)];
        var padded = predictor.Predict([new FrameMatrix([.. clip, .. new float[30 * 4]], 50, 1, 4)])[0];
        Assert.Equal(isFixed, padded.SequenceEqual(predictor.Predict([new FrameMatrix(clip, 20, 1, 4)])[0]));
        if (isFixed)
            Assert.Contains(
                "fixed length of 50",
                Assert
                    .Throws<InvalidInputException>(() =>
                        predictor.Predict([new FrameMatrix(new float[51 * 4], 51, 1, 4)])
                    )
                    .Message,
                StringComparison.Ordinal
            );
        else
            Assert.Equal(3, predictor.Predict([new FrameMatrix(new float[51 * 4], 51, 1, 4)])[0].Length);
    }

    [Theory]
    [InlineData("[1, 2, 3, 4]", "[4, 9, 0, 0.25]", 2)]
    [InlineData("[[[1, 2, 3, 4]]]", "[[[4, 9, 0, 0.25]]]", 2)]
    [InlineData("1", "4", 1)]
    public void Statistics_passed_to_Normalization_are_read_from_its_options(string mean, string variance, float second)
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        ModelFileWriter.Write(PathOf("a"), model, tensors);
        KerasBuilder
            .FromFile(PathOf("a"))
            .WithConfig(
                (_, layer) =>
                {
                    layer("normalization")["config"]!["mean"] = JsonNode.Parse(mean);
                    layer("normalization")["config"]!["variance"] = JsonNode.Parse(variance);
                    ((JsonObject)layer("normalization")["config"]!).Remove("axis");
                }
            )
            .Save(PathOf("b"));
        var normalization = ModelFile.Read(PathOf("b")).Info.Normalization;
        Assert.Equal(
            (4, 1f, second, 2f),
            (
                normalization.Mean.Length,
                normalization.Mean[0],
                normalization.Mean[1],
                normalization.StandardDeviation[0]
            )
        );
        Assert.Equal(variance.Length > 1 ? 1e-7f : 2, normalization.StandardDeviation[2]); // Keras' bound
        KerasBuilder
            .FromFile(PathOf("a"))
            .WithConfig(
                (_, layer) =>
                {
                    layer("normalization")["config"]!["mean"] = JsonNode.Parse("[1, 2]");
                    layer("normalization")["config"]!["variance"] = JsonNode.Parse("[1, 1]");
                }
            )
            .Save(PathOf("b"));
        Assert.Contains(
            "4 numbers as its mean, not 2",
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(PathOf("b"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_square_root_of_a_rounded_square_is_exact()
    {
        var random = new Random(1);
        for (var i = 0; i < 1_000_000; i++)
        {
            var standardDeviation = (float)Math.Exp((random.NextDouble() * 30) - 15);
            Assert.Equal(standardDeviation, MathF.Sqrt(standardDeviation * standardDeviation));
        }
    }

    [Theory]
    [InlineData(0, "features")]
    [InlineData(40, "padded_features")]
    public void An_archive_of_padded_clips_has_its_own_input_name(int padding, string input)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create("v2");
        ModelFileWriter.Write(PathOf("a"), model with { Padding = padding }, tensors, optimizer);
        // As saved by Keras.
        KerasBuilder.FromFile(PathOf("a")).WithoutEntry(ModelDescription.Entry).Save(PathOf("again"));
        Assert.Equal(input, (string?)KerasBuilder.FromFile(PathOf("a")).Config["config"]!["input_layers"]![0]);
        if (padding == 0)
            Assert.Equal(0, ModelFile.Read(PathOf("again"), model.Labels).Info.Padding);
        else
            Assert.Contains(
                "padded with zeros",
                Assert.Throws<InvalidInputException>(() => ModelFile.Read(PathOf("again"), model.Labels)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Weights_are_exported_to_NumPy_under_Keras_names()
    {
        var (model, tensors, _) = SmallModelBuilder.Create("mix");
        WeightsNpz.Write(PathOf("w.npz"), model, tensors);
        var arrays = NpzFile.Read(PathOf("w.npz"));
        Assert.Equal([5, 4, 6], arrays["conv1d/kernel"].Shape);
        Assert.Equal([3, 1], arrays["layer_mix/kernel"].Shape);
        Assert.Equal(model.Labels, arrays["labels"].ToStrings());
    }
}
