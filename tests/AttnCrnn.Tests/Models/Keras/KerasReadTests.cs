using AttnCrnn.Encoders;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Archives that Keras 3.15 saved (tests/fixtures/keras).</summary>
public sealed class KerasReadTests : IDisposable
{
    private static readonly string[] Labels = ["n", "c", "h", "s", "a", "f"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("small.keras", "small_inference.npz", false)]
    [InlineData("full.keras", "full_inference.npz", false)]
    [InlineData("lambda_named_gelu.keras", "lambda_named_gelu.npz", true)]
    [InlineData("original_style.keras", "original_style.npz", true)]
    public void Probabilities_of_an_archive_match_Keras(string name, string arrays, bool isByTanh)
    {
        using var predictor = Predictor.Load(Fixtures.Path("keras", name), 2, labels: Labels);
        var inference = KerasNetworkBuilder.Arrays(arrays);
        var comparedCount = 0;
        foreach (var x in inference.Keys.Where(key => key[0] == 'x' && inference.ContainsKey("y" + key[1..])))
        {
            var (frames, expected) = (inference[x], inference["y" + x[1..]].ToSingles());
            var probabilities = predictor.Predict(Clips(frames));
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], probabilities[i / 6][i % 6], 1e-5);
            comparedCount++;
        }
        Assert.True(comparedCount >= 1, $"nothing to compare in {string.Join(", ", inference.Keys)}");
        Assert.Equal(
            isByTanh ? 1 : 0,
            predictor.Notices.Count(notice => notice.Contains("'gelu_tanh'", StringComparison.Ordinal))
        );
        Assert.Equal(isByTanh ? HeadActivation.GeluTanh : HeadActivation.Gelu, predictor.Info.Network.Activation);
    }

    [Fact]
    public void A_fixed_length_input_is_padded_and_a_longer_clip_is_rejected()
    {
        using var predictor = Predictor.Load(Fixtures.Path("keras", "original_style.keras"), 1, labels: Labels);
        Assert.Equal((64, true), (predictor.Info.Padding, predictor.Info.IsFixedLength));
        var inference = KerasNetworkBuilder.Arrays("original_style.npz");
        Assert.Equal(50, inference["x50"].Shape[1]);
        var refusal = Assert.Throws<InvalidInputException>(() =>
            predictor.Predict([new FrameMatrix(new float[65 * 12], 65, 1, 12)])
        );
        Assert.Contains("fixed length of 64 frames", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("in windows (window)", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adam_state_matches_three_training_steps()
    {
        var model = ModelFile.Read(Fixtures.Path("keras", "small_after_training.keras"), Labels, withOptimizer: true);
        var state = model.Optimizer!;
        Assert.Equal(
            (3L, 1e-3f, 0.9, 0.98, 1e-7),
            (state.Steps, state.LearningRate, state.Beta1, state.Beta2, state.Epsilon)
        );
        // The program's three steps on the same batch; another test compares its weights with Keras'.
        var training = KerasNetworkBuilder.Arrays("small_training.npz");
        using var network = KerasNetworkBuilder.Load(KerasNetworkBuilder.Small, training, "w0/");
        KerasReferenceTests.Train(network, training, 3);
        foreach (var (tensor, parameter) in model.Tensors.Zip(network.Network.Parameters.All))
            FloatAssert.Near(training["w3/" + parameter.Name].ToSingles(), tensor.Values, 1e-6);
        var trainable = network.Network.Parameters.All.Where(parameter => parameter.Trainable).ToArray();
        Assert.Equal(
            trainable.Select(parameter => parameter.Name),
            state.FirstMoments.Select(modelTensor => modelTensor.Name)
        );
        foreach (var (moment, velocity, parameter) in state.FirstMoments.Zip(state.SecondMoments, trainable))
        {
            FloatAssert.Near(parameter.FirstMoment.Span, moment.Values, 1e-5);
            FloatAssert.Near(parameter.SecondMoment.Span, velocity.Values, 1e-6);
            Assert.True(moment.Values.Any(value => value != 0) && velocity.Values.All(value => value >= 0));
        }
        // Not trained yet: there are the step count and the learning rate, but no moments.
        var newOptimizer = ModelFile
            .Read(Fixtures.Path("keras", "small.keras"), Labels, withOptimizer: true)
            .Optimizer!;
        Assert.Equal(
            (0L, 0, 0),
            (newOptimizer.Steps, newOptimizer.FirstMoments.Count, newOptimizer.SecondMoments.Count)
        );
    }

    [Theory]
    [InlineData("small.keras")]
    [InlineData("full.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("lambda_named_gelu.keras")]
    [InlineData("original_style.keras")]
    public void Archives_round_trip_bit_identically(string name)
    {
        var first = ModelFile.Read(Fixtures.Path("keras", name), Labels, withOptimizer: true);
        var path = folder.PathOf(name);
        ModelFileWriter.Write(path, first.Info, first.Tensors, first.Optimizer);
        var second = ModelFile.Read(path, withOptimizer: true);
        Assert.Equal(
            (first.Info.Network, first.Info.Padding, first.Info.IsFixedLength, first.Info.Saved),
            (second.Info.Network, second.Info.Padding, second.Info.IsFixedLength, second.Info.Saved)
        );
        foreach (
            var (expected, actual) in first
                .Tensors.Concat(first.Optimizer!.FirstMoments)
                .Concat(first.Optimizer.SecondMoments)
                .Zip(second.Tensors.Concat(second.Optimizer!.FirstMoments).Concat(second.Optimizer.SecondMoments))
        )
            Assert.Equal(
                (expected.Name, Convert.ToHexString(Bytes(expected))),
                (actual.Name, Convert.ToHexString(Bytes(actual)))
            );
    }

    private static ReadOnlySpan<byte> Bytes(ModelTensor tensor) =>
        System.Runtime.InteropServices.MemoryMarshal.AsBytes(tensor.Values.AsSpan());

    private static FrameMatrix[] Clips(NpyArray x)
    {
        var (values, frames, width) = (x.ToSingles(), x.Shape[^2], x.Shape[^1]);
        return [.. values.Chunk(frames * width).Select(clip => new FrameMatrix(clip, frames, 1, width))];
    }
}
