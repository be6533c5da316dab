using AttnCrnn.Encoders;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Training;

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
    public void An_archives_probabilities_are_Keras(string name, string arrays, bool isByTanh)
    {
        using var predictor = Predictor.Load(Fixtures.Path("keras", name), 2, labels: Labels);
        var inference = KerasNetworkBuilder.Arrays(arrays);
        var compared = 0;
        foreach (var x in inference.Keys.Where(key => key[0] == 'x' && inference.ContainsKey("y" + key[1..])))
        {
            var (frames, expected) = (inference[x], inference["y" + x[1..]].ToSingles());
            var ours = predictor.Predict(Clips(frames));
            for (var i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], ours[i / 6][i % 6], 1e-5);
            compared++;
        }
        Assert.True(compared >= 1, $"nothing to compare in {string.Join(", ", inference.Keys)}");
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
        Assert.Contains("--window", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Adams_state_is_that_of_three_steps()
    {
        var read = ModelFile.Read(Fixtures.Path("keras", "small_after_training.keras"), Labels, withOptimizer: true);
        var state = read.Optimizer!;
        Assert.Equal(
            (3L, 1e-3f, 0.9, 0.98, 1e-7),
            (state.Steps, state.LearningRate, state.Beta1, state.Beta2, state.Epsilon)
        );
        // The program's three steps on the same batch; another test compares its weights with Keras'.
        var training = KerasNetworkBuilder.Arrays("small_training.npz");
        using var small = KerasNetworkBuilder.Load(KerasNetworkBuilder.Small, training, "w0/");
        KerasReferenceTests.Train(small.Network, training, 3);
        foreach (var (tensor, parameter) in read.Tensors.Zip(small.Network.Parameters.All))
            FloatAssert.Near(training["w3/" + parameter.Name].ToSingles(), tensor.Values, 1e-6);
        var trained = small.Network.Parameters.All.Where(parameter => parameter.Trainable).ToArray();
        Assert.Equal(
            trained.Select(parameter => parameter.Name),
            state.FirstMoments.Select(modelTensor => modelTensor.Name)
        );
        foreach (var (moment, velocity, parameter) in state.FirstMoments.Zip(state.SecondMoments, trained))
        {
            FloatAssert.Near(parameter.FirstMoment.Span, moment.Values, 1e-5);
            FloatAssert.Near(parameter.SecondMoment.Span, velocity.Values, 1e-6);
            Assert.True(moment.Values.Any(value => value != 0) && velocity.Values.All(value => value >= 0));
        }
        // Not trained yet: there are the step count and the learning rate, but no moments.
        var fresh = ModelFile.Read(Fixtures.Path("keras", "small.keras"), Labels, withOptimizer: true).Optimizer!;
        Assert.Equal((0L, 0, 0), (fresh.Steps, fresh.FirstMoments.Count, fresh.SecondMoments.Count));
    }

    [Theory]
    [InlineData("small.keras")]
    [InlineData("full.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("lambda_named_gelu.keras")]
    [InlineData("original_style.keras")]
    public void Read_written_and_read_again_it_has_the_same_bits(string name)
    {
        var first = ModelFile.Read(Fixtures.Path("keras", name), Labels, withOptimizer: true);
        var path = folder.At(name);
        ModelFile.Write(path, first.Info, first.Tensors, first.Optimizer);
        var second = ModelFile.Read(path, withOptimizer: true);
        Assert.Equal(
            (first.Info.Network, first.Info.Padding, first.Info.IsFixedLength, first.Info.Saved),
            (second.Info.Network, second.Info.Padding, second.Info.IsFixedLength, second.Info.Saved)
        );
        foreach (
            var (before, after) in first
                .Tensors.Concat(first.Optimizer!.FirstMoments)
                .Concat(first.Optimizer.SecondMoments)
                .Zip(second.Tensors.Concat(second.Optimizer!.FirstMoments).Concat(second.Optimizer.SecondMoments))
        )
            Assert.Equal(
                (before.Name, Convert.ToHexString(Bytes(before))),
                (after.Name, Convert.ToHexString(Bytes(after)))
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
