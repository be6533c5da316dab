using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>The attention that each frame receives, against plain loops.</summary>
public sealed class ReceivedAttentionTests
{
    private const int Width = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_the_mean_of_the_softmax_over_the_queries(bool training)
    {
        int[] lengths = [1, 7, 128, 300, 600]; // around the borders of a block and of stored matrices
        using var workers = new WorkerPool(2);
        using var memory = new AlignedBuffer(lengths.Sum() * Width);
        new RandomStream(3).FillNormal(memory.Span);
        int[] offsets = [0, .. lengths.Select((_, clip) => lengths[..(clip + 1)].Sum())];
        var batch = new PackedBatch(memory.Rows(0, lengths.Sum(), Width), offsets, lengths.Length);
        var capacity = new BatchCapacity(lengths.Sum(), lengths.Length, lengths.Max());
        using var layer = new SelfAttention(null, true, Width, workers, capacity, training);
        layer.Forward(batch);
        for (var clip = 0; clip < lengths.Length; clip++)
        {
            var received = new double[lengths[clip]];
            layer.ComputeReceivedWeights(clip, received);
            var weights = ComputeWeights(batch.GetClip(clip).Span.ToArray(), Width, scale: 1);
            AssertNear(ComputeMean(weights), received, 1e-6);
            Assert.Equal(1, received.Sum(), 1e-6);
        }
    }

    // Keras' activations: the input of its attention layer, its scale, and its output.
    [Fact]
    public void It_is_that_of_the_weights_with_which_Keras_computed_its_activations()
    {
        var inference = KerasNetworkBuilder.Arrays("small_inference.npz");
        var tensors = KerasNetworkBuilder.Arrays("small_weights.npz");
        var input = FirstClip(inference["tap_bidirectional"]);
        var width = inference["tap_bidirectional"].Shape[^1];
        var weights = ComputeWeights(input, width, tensors["attention/scale"].ToSingles()[0]);
        FloatAssert.Near(FirstClip(inference["tap_attention"]), Multiply(weights, input, width), 1e-5);

        using var network = KerasNetworkBuilder.Load(KerasNetworkBuilder.Small, tensors);
        using var buffer = new AlignedBuffer(33 * 12);
        FirstClip(inference["x33"]).CopyTo(buffer.Span);
        var received = network.Network.ComputeReceivedAttention(new(buffer.Rows(0, 33, 12), [0, 33], 1));
        AssertNear(ComputeMean(weights), received!, 1e-5);
    }

    private static float[] FirstClip(NpyArray clips) => clips.ToSingles()[..(int)(clips.Count / clips.Shape[0])];

    // softmax(scale · x xᵀ), [T, T].
    private static double[][] ComputeWeights(float[] x, int width, double scale)
    {
        var count = x.Length / width;
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(query =>
                {
                    double[] powers =
                    [
                        .. Enumerable
                            .Range(0, count)
                            .Select(key =>
                                Math.Exp(
                                    scale
                                        * Enumerable
                                            .Range(0, width)
                                            .Sum(i => (double)x[(query * width) + i] * x[(key * width) + i])
                                )
                            ),
                    ];
                    return powers.Select(power => power / powers.Sum()).ToArray();
                }),
        ];
    }

    private static double[] ComputeMean(double[][] weights) =>
        [.. Enumerable.Range(0, weights.Length).Select(key => weights.Average(row => row[key]))];

    private static float[] Multiply(double[][] weights, float[] x, int width) =>
        [
            .. weights.SelectMany(row =>
                Enumerable.Range(0, width).Select(i => (float)row.Index().Sum(e => e.Item * x[(e.Index * width) + i]))
            ),
        ];

    private static void AssertNear(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
