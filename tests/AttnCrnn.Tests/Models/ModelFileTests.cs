using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Export.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Models;

/// <summary>Model files that this program writes.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string At(string name) => folder.At(name + ModelFile.Extension);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Networks =>
        new("v2", "v1", "mix", "mix without normalisation", "by speaker", "fixed length", "tanh", "bare attention");

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_model_reads_back_bit_for_bit_and_the_same_model_gives_the_same_bytes(string kind)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFile.Write(At("a"), model, tensors, optimizer);
        var read = ModelFile.Read(At("a"), withOptimizer: true);
        Assert.Equal(
            (model.Network, model.Encoder, model.Temperature, model.Padding, model.IsFixedLength),
            (read.Info.Network, read.Info.Encoder, read.Info.Temperature, read.Info.Padding, read.Info.IsFixedLength)
        );
        Assert.Equal(
            (model.Synthetic, model.Version, model.Saved, model.Normalization.Kind),
            (read.Info.Synthetic, read.Info.Version, read.Info.Saved, read.Info.Normalization.Kind)
        );
        Assert.Equal(model.Labels, read.Info.Labels);
        Assert.Equal(model.Normalization.Mean, read.Info.Normalization.Mean);
        Assert.Equal(model.Normalization.StandardDeviation, read.Info.Normalization.StandardDeviation);
        Assert.Equal(model.Training.ToJsonString(), read.Info.Training.ToJsonString());
        FloatAssert.Same(tensors, read.Tensors);
        FloatAssert.Same(optimizer.FirstMoments, read.Optimizer!.FirstMoments);
        FloatAssert.Same(optimizer.SecondMoments, read.Optimizer.SecondMoments);
        Assert.Equal(
            optimizer with
            {
                FirstMoments = [],
                SecondMoments = [],
            },
            read.Optimizer with
            {
                FirstMoments = [],
                SecondMoments = [],
            }
        );
        Assert.Empty(read.Notices);
        ModelFile.Write(At("b"), read.Info, read.Tensors, read.Optimizer);
        Assert.Equal(File.ReadAllBytes(At("a")), File.ReadAllBytes(At("b")));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void An_archive_resaved_by_Keras_is_the_same_network(string kind)
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFile.Write(At("a"), model, tensors, optimizer);
        KerasBuilder.FromFile(At("a")).Without("attn_crnn.json").Save(At("again"));
        if (model.Normalization.Kind == "speaker")
        {
            // Without the fallback speaker statistics, every prediction would be wrong.
            Assert.Contains(
                "add the entry again",
                Assert.Throws<InvalidInputException>(() => ModelFile.Read(At("again"), model.Labels)).Message,
                StringComparison.Ordinal
            );
            return;
        }
        Assert.Contains(
            "--labels",
            Assert.Throws<InvalidInputException>(() => ModelFile.Read(At("again"))).Message,
            StringComparison.Ordinal
        );
        var read = ModelFile.Read(At("again"), model.Labels);
        FloatAssert.Same(tensors, read.Tensors);
        Assert.Equal(model.Network with { ExactConvolution = false }, read.Info.Network);
        Assert.Equal(model.Normalization.Mean, read.Info.Normalization.Mean);
        Assert.Equal(model.Normalization.StandardDeviation, read.Info.Normalization.StandardDeviation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_input_of_fixed_length_is_padded_before_it_is_normalized_and_any_other_after(bool isFixed)
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        // Weights without saturation.
        var small = tensors.Select(modelTensor =>
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
        ModelFile.Write(At("a"), model with { Padding = 50, IsFixedLength = isFixed }, [.. small]);
        using var predictor = Predictor.Load(At("a"), 1);
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
        ModelFile.Write(At("a"), model, tensors);
        KerasBuilder
            .FromFile(At("a"))
            .WithConfig(
                (_, layer) =>
                {
                    layer("normalization")["config"]!["mean"] = JsonNode.Parse(mean);
                    layer("normalization")["config"]!["variance"] = JsonNode.Parse(variance);
                    ((JsonObject)layer("normalization")["config"]!).Remove("axis");
                }
            )
            .Save(At("b"));
        var read = ModelFile.Read(At("b")).Info.Normalization;
        Assert.Equal((4, 1f, second, 2f), (read.Mean.Length, read.Mean[0], read.Mean[1], read.StandardDeviation[0]));
        Assert.Equal(variance.Length > 1 ? 1e-7f : 2, read.StandardDeviation[2]); // Keras' lower bound of the divisor
        KerasBuilder
            .FromFile(At("a"))
            .WithConfig(
                (_, layer) =>
                {
                    layer("normalization")["config"]!["mean"] = JsonNode.Parse("[1, 2]");
                    layer("normalization")["config"]!["variance"] = JsonNode.Parse("[1, 1]");
                }
            )
            .Save(At("b"));
        Assert.Contains(
            "4 numbers as its mean, not 2",
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(At("b"))).Message,
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
        ModelFile.Write(At("a"), model with { Padding = padding }, tensors, optimizer);
        KerasBuilder.FromFile(At("a")).Without(ModelDescription.Entry).Save(At("again")); // as Keras saves it
        Assert.Equal(input, (string?)KerasBuilder.FromFile(At("a")).Config["config"]!["input_layers"]![0]);
        if (padding == 0)
            Assert.Equal(0, ModelFile.Read(At("again"), model.Labels).Info.Padding);
        else
            Assert.Contains(
                "padded with zeros",
                Assert.Throws<InvalidInputException>(() => ModelFile.Read(At("again"), model.Labels)).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public void Weights_are_exported_to_NumPy_under_Keras_names()
    {
        var (model, tensors, _) = SmallModelBuilder.Create("mix");
        WeightsNpz.Write(At("w.npz"), model, tensors);
        var arrays = NpzFile.Read(At("w.npz"));
        Assert.Equal([5, 4, 6], arrays["conv1d/kernel"].Shape);
        Assert.Equal([3, 1], arrays["layer_mix/kernel"].Shape);
        Assert.Equal(model.Labels, arrays["labels"].ToStrings());
    }
}
