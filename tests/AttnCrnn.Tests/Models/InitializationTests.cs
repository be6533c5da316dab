using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Tests.Models;

/// <summary>Statistics of Keras' initializers.</summary>
public sealed class InitializationTests
{
    private static readonly NetworkOptions Options = new(96, 6);

    [Theory]
    [InlineData("conv1d/kernel", 5 * (96 + 128))]
    [InlineData("conv1d_1/kernel", 5 * (128 + 256))]
    [InlineData("bidirectional/forward_lstm/lstm_cell/kernel", 256 + 512)]
    [InlineData("dense/kernel", 256 + 256)]
    [InlineData("dense_1/kernel", 256 + 6)]
    public void Kernels_are_Glorot_uniform(string name, int fans)
    {
        var values = Values(0, name);
        var limit = Math.Sqrt(6.0 / fans);
        Assert.All(values, value => Assert.InRange(value, -limit, limit));
        Assert.True(values.Max() > 0.98 * limit && values.Min() < -0.98 * limit);
        Assert.InRange(
            values.Average(),
            -5 * limit / Math.Sqrt(3.0 * values.Length),
            5 * limit / Math.Sqrt(3.0 * values.Length)
        );
        Assert.Equal(
            1,
            values.Average(value => (double)value * value) / (limit * limit / 3),
            5 * Math.Sqrt(0.8 / values.Length)
        ); // the standard deviation of a squared uniform is √0.8 of its mean
        // Every tenth of the range holds a tenth of the values.
        for (var decile = 0; decile < 10; decile++)
            Assert.Equal(
                0.1,
                values.Count(value => (int)(10 * (value + limit) / (2 * limit)) == decile) / (double)values.Length,
                5 * Math.Sqrt(0.09 / values.Length)
            );
    }

    [Theory]
    [InlineData("forward")]
    [InlineData("backward")]
    public void Recurrent_kernels_are_orthogonal(string direction)
    {
        // [128, 512]: orthonormal rows.
        var values = Values(0, $"bidirectional/{direction}_lstm/lstm_cell/recurrent_kernel");
        for (var a = 0; a < 128; a++)
        for (var b = a; b < 128; b++)
        {
            var dot = 0.0;
            for (var i = 0; i < 512; i++)
                dot += (double)values[(a * 512) + i] * values[(b * 512) + i];
            Assert.Equal(a == b ? 1 : 0, dot, 1e-6);
        }
        // Random orthonormal rows: each element has mean 0 and variance 1/512.
        Assert.Equal(0, values.Average(), 5 / Math.Sqrt(512.0 * values.Length));
        Assert.Equal(1 / 512.0, values.Average(value => (double)value * value), 1e-8);
    }

    [Fact]
    public void Forget_gate_biases_and_scales_are_one_and_the_rest_zero()
    {
        var bias = Values(0, "bidirectional/forward_lstm/lstm_cell/bias");
        Assert.Equal(
            [.. Enumerable.Repeat(0f, 128), .. Enumerable.Repeat(1f, 128), .. Enumerable.Repeat(0f, 256)],
            bias
        );
        foreach (
            var name in (string[])
                [
                    "attention/scale",
                    "layer_normalization/gamma",
                    "batch_normalization/gamma",
                    "batch_normalization/moving_variance",
                ]
        )
            Assert.All(Values(0, name), value => Assert.Equal(1, value));
        foreach (
            var name in (string[])
                [
                    "conv1d/bias",
                    "layer_normalization/beta",
                    "dense/bias",
                    "batch_normalization/beta",
                    "batch_normalization/moving_mean",
                    "dense_1/bias",
                ]
        )
            Assert.All(Values(0, name), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(13)]
    public void A_layer_mix_is_initialized_to_the_mean_and_changes_no_other_weight(int layers)
    {
        using var parameters = new Parameters(Options with { EncoderLayers = layers }, training: false);
        ParameterInitializer.Run(parameters, new RandomStream(3));
        Assert.Equal([layers, 1], parameters["layer_mix/kernel"].Shape);
        Assert.Equal(Enumerable.Repeat(1f / layers, layers), parameters["layer_mix/kernel"].Values.Span.ToArray());
        foreach (var parameter in parameters.All.Skip(1))
            Assert.Equal(Values(3, parameter.Name), parameter.Values.Span.ToArray());
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_and_different_seeds_do_not()
    {
        Assert.Equal(Values(3, "dense/kernel"), Values(3, "dense/kernel"));
        Assert.NotEqual(Values(3, "dense/kernel"), Values(4, "dense/kernel"));
        Assert.NotEqual(
            Values(3, "bidirectional/forward_lstm/lstm_cell/kernel"),
            Values(3, "bidirectional/backward_lstm/lstm_cell/kernel")
        );
    }

    private static float[] Values(ulong seed, string name)
    {
        using var parameters = new Parameters(Options, training: false);
        ParameterInitializer.Run(parameters, new RandomStream(seed));
        return parameters[name].Values.Span.ToArray();
    }
}
