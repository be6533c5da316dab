using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models;

/// <summary>One tensor of the network.</summary>
/// <param name="Moment">Adam's mean of its gradients; nothing where it is not trained.</param>
/// <param name="Velocity">Adam's mean of their squares.</param>
internal sealed record Parameter(
    string Name,
    int[] Shape,
    bool Trainable,
    MatrixView Values,
    MatrixView Gradients,
    MatrixView Moment,
    MatrixView Velocity
)
{
    /// <summary>Numbers in it.</summary>
    public int Length => Values.Count * Values.Width;
}

/// <summary>
/// The network's tensors under Keras' names. Values, gradients and both of Adam's moments lie each in one buffer, so that Adam is one loop;
/// the moving figures of batch norm, which nothing trains, stand at the end.
/// </summary>
internal sealed class Parameters : IDisposable
{
    private const int Alignment = 16; // floats: a tensor begins on a cache line

    private readonly Dictionary<string, Parameter> byName = [];
    private readonly List<Parameter> all = [];

    public Parameters(NetworkOptions options, bool training)
    {
        var shapes = Shapes(options);
        var total = shapes.Sum(valueTuple => Rounded(Length(valueTuple.Shape)));
        TrainableLength = shapes
            .Where(valueTuple => valueTuple.Trainable)
            .Sum(valueTuple => Rounded(Length(valueTuple.Shape)));
        Values = new AlignedBuffer(total);
        Gradients = new AlignedBuffer(training ? total : 0);
        Moment = new AlignedBuffer(training ? TrainableLength : 0);
        Velocity = new AlignedBuffer(training ? TrainableLength : 0);
        var at = 0;
        foreach (var (name, shape, trainable) in shapes)
        {
            var width = shape.Length == 0 ? 1 : shape[^1];
            var rows = Length(shape) / width;
            MatrixView View(AlignedBuffer floatBuffer, bool there) =>
                there ? floatBuffer.Rows(at, rows, width) : default;
            var parameter = new Parameter(
                name,
                shape,
                trainable,
                Values.Rows(at, rows, width),
                View(Gradients, training),
                View(Moment, training && trainable),
                View(Velocity, training && trainable)
            );
            byName[name] = parameter;
            all.Add(parameter);
            at += Rounded(Length(shape));
        }
    }

    /// <summary>In the order of Keras' model.weights, but for the moving figures, which come last.</summary>
    public IReadOnlyList<Parameter> All => all;

    public Parameter this[string name] => byName[name];

    public AlignedBuffer Values { get; }

    public AlignedBuffer Gradients { get; }

    /// <summary>Adam's mean of the gradients.</summary>
    public AlignedBuffer Moment { get; }

    /// <summary>Adam's mean of the gradients' squares.</summary>
    public AlignedBuffer Velocity { get; }

    /// <summary>How much of the buffers Adam moves: the tensors that are trained, and the few floats between them.</summary>
    public int TrainableLength { get; }

    /// <summary>The tensors' names, shapes and whether they are trained.</summary>
    public static IReadOnlyList<(string Name, int[] Shape, bool Trainable)> Shapes(NetworkOptions networkOptions)
    {
        var units = networkOptions.LstmUnits;
        var both = 2 * units;
        (string, int[], bool)[] mix =
            networkOptions.Layers == 1 ? [] : [(LayerMix.KernelName, [networkOptions.Layers, 1], true)];
        static (string, int[], bool)[] Where(bool there, params (string, int[], bool)[] tensors) =>
            there ? tensors : [];
        return
        [
            .. mix,
            ("conv1d/kernel", [ConvPool.Taps, networkOptions.Width, networkOptions.Conv1Filters], true),
            ("conv1d/bias", [networkOptions.Conv1Filters], true),
            ("conv1d_1/kernel", [ConvPool.Taps, networkOptions.Conv1Filters, networkOptions.Conv2Filters], true),
            ("conv1d_1/bias", [networkOptions.Conv2Filters], true),
            ("bidirectional/forward_lstm/lstm_cell/kernel", [networkOptions.Conv2Filters, 4 * units], true),
            ("bidirectional/forward_lstm/lstm_cell/recurrent_kernel", [units, 4 * units], true),
            ("bidirectional/forward_lstm/lstm_cell/bias", [4 * units], true),
            ("bidirectional/backward_lstm/lstm_cell/kernel", [networkOptions.Conv2Filters, 4 * units], true),
            ("bidirectional/backward_lstm/lstm_cell/recurrent_kernel", [units, 4 * units], true),
            ("bidirectional/backward_lstm/lstm_cell/bias", [4 * units], true),
            .. Where(networkOptions.HasAttentionScale, ("attention/scale", [], true)),
            .. Where(
                networkOptions.HasLayerNorm,
                ("layer_normalization/gamma", [both], true),
                ("layer_normalization/beta", [both], true)
            ),
            ("dense/kernel", [both, networkOptions.DenseUnits], true),
            ("dense/bias", [networkOptions.DenseUnits], true),
            .. Where(
                networkOptions.HasBatchNorm,
                ("batch_normalization/gamma", [networkOptions.DenseUnits], true),
                ("batch_normalization/beta", [networkOptions.DenseUnits], true)
            ),
            ("dense_1/kernel", [networkOptions.DenseUnits, networkOptions.Classes], true),
            ("dense_1/bias", [networkOptions.Classes], true),
            .. Where(
                networkOptions.HasBatchNorm,
                ("batch_normalization/moving_mean", [networkOptions.DenseUnits], false),
                ("batch_normalization/moving_variance", [networkOptions.DenseUnits], false)
            ),
        ];
    }

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
        Moment.Dispose();
        Velocity.Dispose();
    }

    private static int Length(int[] shape) => shape.Aggregate(1, (product, size) => checked(product * size));

    private static int Rounded(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
