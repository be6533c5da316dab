using AttnCrnn.Models;
using AttnCrnn.Models.Layers.Recurrent;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>
/// Keras' dropout in an LSTM: masks are drawn per clip and constant over time; with recurrent dropout there are four
/// for the input and four for the state, one per gate; without it, one for the input (Keras 3, LSTMCell.call).
/// </summary>
public sealed class LstmDropoutTests
{
    private static readonly int[] Frames = [9, 4, 23, 16];

    [Theory]
    [InlineData(0.3, 0.3)]
    [InlineData(0.3, 0.0)]
    [InlineData(0.0, 0.3)]
    public void With_constant_masks_the_output_matches_the_plain_formula(double dropout, double recurrentDropout)
    {
        using var lstm = new Lstm(dropout, recurrentDropout);
        var output = lstm.Run(new RandomStream(5).AtStep(1, 2));
        for (var direction = 0; direction < 2; direction++)
        for (var clip = 0; clip < Frames.Length; clip++)
        {
            var expected = lstm.Reference(direction, clip);
            for (var t = 0; t < Frames[clip]; t++)
            for (var unit = 0; unit < Lstm.Units; unit++)
                Assert.Equal(
                    expected[t][unit],
                    output[Frames.Take(clip).Sum() + t][(direction * Lstm.Units) + unit],
                    2e-6
                );
        }
    }

    [Fact]
    public void Without_recurrent_dropout_all_gates_share_one_mask()
    {
        using var inputOnly = new Lstm(0.3, 0);
        inputOnly.Run(new RandomStream(5).AtStep(1, 2));
        Assert.Equal((1, false), (inputOnly.Direction(0).InputMaskCount, inputOnly.Direction(0).HasStateMasks));
        using var layer = new Lstm(0.3, 0.3);
        layer.Run(new RandomStream(5).AtStep(1, 2));
        Assert.Equal((4, true), (layer.Direction(0).InputMaskCount, layer.Direction(0).HasStateMasks));
        var expected = layer.Run(null);
        Assert.Equal((0, false), (layer.Direction(0).InputMaskCount, layer.Direction(0).HasStateMasks));
        Assert.NotEqual(expected[0], layer.Run(new RandomStream(5).AtStep(1, 2))[0]);
    }

    [Fact]
    public void Masks_have_their_rate_and_differ_by_clip_gate_direction_and_step()
    {
        using var lstm = new Lstm(0.3, 0.2);
        var (input, state, masks) = (new List<float>(), new List<float>(), new HashSet<string>());
        const int steps = 200;
        for (uint step = 0; step < steps; step++)
        {
            lstm.Run(new RandomStream(7).AtStep(0, step));
            for (var direction = 0; direction < 2; direction++)
            for (var row = 0; row < 4 * Frames.Length; row++)
            {
                input.AddRange(lstm.Direction(direction).InputMasks[row]);
                state.AddRange(lstm.Direction(direction).StateMasks[row]);
                masks.Add(
                    string.Join(
                        ',',
                        lstm.Direction(direction).InputMasks[row].ToArray().Select(value => value > 0 ? 1 : 0)
                    )
                );
            }
        }
        // Fractions of some hundred thousand draws: within five standard deviations.
        Assert.InRange(
            input.Count(value => value == 0) / (double)input.Count,
            0.3 - (5 * Math.Sqrt(0.21 / input.Count)),
            0.3 + (5 * Math.Sqrt(0.21 / input.Count))
        );
        Assert.InRange(
            state.Count(value => value == 0) / (double)state.Count,
            0.2 - (5 * Math.Sqrt(0.16 / state.Count)),
            0.2 + (5 * Math.Sqrt(0.16 / state.Count))
        );
        Assert.All(input.Where(value => value != 0).Distinct(), value => Assert.Equal(1 / 0.7f, value, 1e-6f));
        Assert.All(state.Where(value => value != 0).Distinct(), value => Assert.Equal(1 / 0.8f, value, 1e-6f));
        // Few of 2²⁴ coincide by chance.
        Assert.True(masks.Count > 0.98 * steps * 2 * 4 * Frames.Length, $"{masks.Count} different masks");
    }

    private sealed class Lstm : IDisposable
    {
        public const int Width = 24,
            Units = 7;

        private readonly WorkerPool workers = new(2);
        private readonly Network network;
        private readonly AlignedBuffer x = new(Frames.Sum() * Width);

        public Lstm(double dropout, double recurrentDropout)
        {
            var options = new NetworkOptions(3, 2)
            {
                Conv1Filters = 5,
                Conv2Filters = Width,
                LstmUnits = Units,
                LstmDropout = dropout,
                RecurrentDropout = recurrentDropout,
            };
            network = new Network(
                options,
                workers,
                new(4 * Frames.Sum(), Frames.Length, 4 * Frames.Max()),
                training: true
            );
            network.Initialize(new RandomStream(3));
            new RandomStream(4).FillNormal(x.Span);
        }

        public LstmDirection Direction(int direction) => Recurrent.Directions[direction];

        private BidirectionalLstm Recurrent => network.Layers.OfType<BidirectionalLstm>().Single();

        public float[][] Run(RandomStream? random)
        {
            var offsets = Frames.Aggregate(new List<int> { 0 }, (sums, count) => [.. sums, sums[^1] + count]).ToArray();
            var y = Recurrent
                .Forward(
                    new(x.Rows(0, Frames.Sum(), Width), offsets, Frames.Length),
                    new(random, UseBatchStatistics: false)
                )
                .Rows;
            return [.. Enumerable.Range(0, y.Count).Select(row => y[row].ToArray())];
        }

        // Plain loops in float64, with one mask per gate for all frames of the clip.
        public double[][] Reference(int direction, int clip)
        {
            var lstmDirection = Direction(direction);
            var path = $"bidirectional/{(direction == 0 ? "forward" : "backward")}_lstm/lstm_cell/";
            MatrixView kernel = network.Parameters[path + "kernel"].Values,
                recurrent = network.Parameters[path + "recurrent_kernel"].Values;
            var bias = network.Parameters[path + "bias"].Values[0];
            var (h, c, result) = (new double[Units], new double[Units], new double[Frames[clip]][]);
            for (var step = 0; step < Frames[clip]; step++)
            {
                var t = direction == 0 ? step : Frames[clip] - 1 - step;
                var frame = x.Rows(0, Frames.Sum(), Width)[Frames.Take(clip).Sum() + t];
                var z = new double[4 * Units];
                for (var column = 0; column < z.Length; column++)
                {
                    var gate = column / Units;
                    z[column] = bias[column];
                    for (var i = 0; i < Width; i++)
                        z[column] +=
                            frame[i]
                            * (
                                lstmDirection.InputMaskCount == 0
                                    ? 1
                                    : lstmDirection.InputMasks[
                                        (4 * clip) + (lstmDirection.InputMaskCount == 1 ? 0 : gate)
                                    ][i]
                            )
                            * kernel[i][column];
                    for (var i = 0; i < Units; i++)
                        z[column] +=
                            h[i]
                            * (lstmDirection.HasStateMasks ? lstmDirection.StateMasks[(4 * clip) + gate][i] : 1)
                            * recurrent[i][column];
                }
                static double Sigmoid(double v) => 1 / (1 + Math.Exp(-v));
                for (var unit = 0; unit < Units; unit++)
                {
                    c[unit] =
                        (Sigmoid(z[Units + unit]) * c[unit]) + (Sigmoid(z[unit]) * Math.Tanh(z[(2 * Units) + unit]));
                    h[unit] = Sigmoid(z[(3 * Units) + unit]) * Math.Tanh(c[unit]);
                }
                result[t] = [.. h];
            }
            return result;
        }

        public void Dispose()
        {
            network.Dispose();
            workers.Dispose();
            x.Dispose();
        }
    }
}
