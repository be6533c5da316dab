using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Tests.Models;

/// <summary>Against Keras 3.15 (tests/fixtures/keras).</summary>
public sealed class KerasReferenceTests
{
    // Batch norm cancels layer norm's beta and the bias before it: their true gradient is 0.
    private static readonly string[] WithoutGradient = ["layer_normalization/beta", "dense/bias"];

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("7")]
    [InlineData("33")]
    public void Probabilities_of_the_small_network_match_Keras(string frames)
    {
        var inference = KerasNetworkBuilder.Arrays("small_inference.npz");
        using var network = KerasNetworkBuilder.Load(
            KerasNetworkBuilder.Small,
            KerasNetworkBuilder.Arrays("small_weights.npz")
        );
        FloatAssert.Near(inference["y" + frames].ToSingles(), Predict(network.Network, inference["x" + frames]), 1e-6);
    }

    [Fact]
    public void Probabilities_of_the_full_network_match_Keras()
    {
        var inference = KerasNetworkBuilder.Arrays("full_inference.npz");
        using var network = KerasNetworkBuilder.Load(new(768, 6), KerasNetworkBuilder.Arrays("full_weights.npz"));
        foreach (var x in inference.Keys.Where(key => key[0] == 'x'))
            FloatAssert.Near(inference["y" + x[1..]].ToSingles(), Predict(network.Network, inference[x]), 1e-5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_layers_output_matches_Keras(bool exact)
    {
        var taps = KerasNetworkBuilder.Arrays("small_inference.npz");
        using var network = KerasNetworkBuilder.Load(
            KerasNetworkBuilder.Small with
            {
                ExactConvolution = exact,
            },
            KerasNetworkBuilder.Arrays("small_weights.npz")
        );
        using var buffer = new AlignedBuffer((int)taps["x33"].Count);
        var layers = network.Network.Layers;
        var conv1 = layers[0];
        var x = conv1.Forward(KerasNetworkBuilder.Batch(buffer, taps["x33"]));
        if (conv1 is DirectConvPool direct1)
            FloatAssert.Near(taps["tap_conv1d"].ToSingles(), direct1.ComputeActivations(), 1e-5);
        FloatAssert.Near(taps["tap_max_pooling1d"].ToSingles(), x.Rows.Span, 1e-5);
        var conv2 = layers[1];
        x = conv2.Forward(x);
        if (conv2 is DirectConvPool direct2)
            FloatAssert.Near(taps["tap_conv1d_1"].ToSingles(), direct2.ComputeActivations(), 1e-5);
        FloatAssert.Near(taps["tap_max_pooling1d_1"].ToSingles(), x.Rows.Span, 1e-5);
        x = layers[2].Forward(x);
        FloatAssert.Near(taps["tap_bidirectional"].ToSingles(), x.Rows.Span, 1e-5);
        FloatAssert.Near(taps["tap_dropout"].ToSingles(), x.Rows.Span, 1e-5);
        x = layers[3].Forward(x); // dropout: none in inference
        x = layers[4].Forward(x);
        FloatAssert.Near(taps["tap_add"].ToSingles(), x.Rows.Span, 1e-5);
        FloatAssert.Near(
            [.. taps["tap_attention"].ToSingles().Zip(taps["tap_dropout"].ToSingles(), (a, b) => a + b)],
            x.Rows.Span,
            1e-5
        );
        x = layers[5].Forward(x);
        FloatAssert.Near(taps["tap_layer_normalization"].ToSingles(), x.Rows.Span, 1e-5);
        x = layers[6].Forward(x);
        FloatAssert.Near(taps["tap_global_average_pooling1d"].ToSingles(), x.Rows.Span, 1e-5);
        x = layers[8].Forward(layers[7].Forward(x));
        FloatAssert.Near(taps["tap_batch_normalization"].ToSingles(), x.Rows.Span, 1e-5);
        x = layers[9].Forward(x);
        FloatAssert.Near(taps["tap_activation"].ToSingles(), x.Rows.Span, 1e-5);
        x = layers[10].Forward(x);
        FloatAssert.Near(taps["tap_dropout_1"].ToSingles(), x.Rows.Span, 1e-5);
        var logits = layers[11].Forward(x).Rows.Span.ToArray();
        for (var clip = 0; clip < 3; clip++)
            Softmax.Apply(logits.AsSpan(clip * 6, 6));
        FloatAssert.Near(taps["tap_dense_1"].ToSingles(), logits, 1e-5);
    }

    [Theory]
    [InlineData("hard")]
    [InlineData("soft")]
    [InlineData("weighted")]
    public void Loss_and_gradients_match_Keras(string targets)
    {
        var training = KerasNetworkBuilder.Arrays("small_training.npz");
        using var network = KerasNetworkBuilder.Load(KerasNetworkBuilder.Small, training, "w0/");
        var loss = Step(network, training, targets);
        Assert.Equal(training["loss_" + targets].ToDoubles()[0], loss, 1e-6);
        foreach (var parameter in network.Network.Parameters.All.Where(p => p.Trainable))
        {
            var actual = parameter.Gradients.Span.ToArray();
            if (WithoutGradient.Contains(parameter.Name))
                Assert.All(actual, value => Assert.InRange(value, -1e-6f, 1e-6f));
            else
                FloatAssert.NearInNorm(
                    training[$"grad_{targets}/{parameter.Name}"].ToSingles(),
                    actual,
                    3e-5,
                    parameter.Name
                );
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Weights_after_Adam_steps_match_Keras(int steps)
    {
        var training = KerasNetworkBuilder.Arrays("small_training.npz");
        using var network = KerasNetworkBuilder.Load(KerasNetworkBuilder.Small, training, "w0/");
        Train(network, training, steps);
        foreach (var parameter in network.Network.Parameters.All)
        {
            var (actual, expected) = (parameter.Values.Span.ToArray(), training[$"w{steps}/{parameter.Name}"]);
            if (WithoutGradient.Contains(parameter.Name))
                Assert.All(
                    actual.Zip(training[$"w0/{parameter.Name}"].ToSingles(), (updated, initial) => updated - initial),
                    moved => Assert.InRange(moved, -1.001e-3f * steps, 1.001e-3f * steps)
                );
            else
                FloatAssert.NearInNorm(
                    expected.ToSingles(),
                    actual,
                    parameter.Name.EndsWith("moving_mean", StringComparison.Ordinal) ? 5e-5 : 1e-5,
                    parameter.Name
                );
        }
    }

    /// <summary>Steps of Adam on the fixture's batch.</summary>
    internal static void Train(KerasNetworkBuilder network, IReadOnlyDictionary<string, NpyArray> training, int steps)
    {
        for (var step = 1; step <= steps; step++)
        {
            Step(network, training, "hard");
            network.TrainingStep.Update(new(1e-3), step);
        }
    }

    private static double Step(
        KerasNetworkBuilder network,
        IReadOnlyDictionary<string, NpyArray> training,
        string targets
    )
    {
        using var x = new AlignedBuffer((int)training["x"].Count);
        using var outputs = new AlignedBuffer(2 * 5 * 6);
        var y = outputs.Rows(0, 5, 6);
        training[targets == "soft" ? "y_soft" : "y_hard"].ToSingles().CopyTo(y.Span);
        var weights = Enumerable.Repeat(1f, 5).ToArray();
        if (targets == "weighted")
            for (var clip = 0; clip < 5; clip++)
                weights[clip] = training["class_weight"].ToSingles()[y[clip].IndexOf(1f)];
        return network.TrainingStep.ComputeGradients(
            KerasNetworkBuilder.Batch(x, training["x"]),
            y,
            weights,
            null,
            outputs.Rows(30, 5, 6)
        );
    }

    private static float[] Predict(Network network, NpyArray x)
    {
        using var buffer = new AlignedBuffer((int)x.Count);
        using var y = new AlignedBuffer(x.Shape[0] * network.Options.Classes);
        network.Predict(KerasNetworkBuilder.Batch(buffer, x), y.Rows(0, x.Shape[0], network.Options.Classes));
        return y.Span.ToArray();
    }
}
