using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>One tensor of the network.</summary>
/// <param name="Moment">Adam's mean of its gradients; nothing where it is not trained.</param>
/// <param name="Velocity">Adam's mean of their squares.</param>
internal sealed record Parameter(string Name, int[] Shape, bool Trainable, Rows Values, Rows Gradients, Rows Moment, Rows Velocity)
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
        var total = shapes.Sum(of => Rounded(Length(of.Shape)));
        TrainableLength = shapes.Where(of => of.Trainable).Sum(of => Rounded(Length(of.Shape)));
        Values = new FloatBuffer(total);
        Gradients = new FloatBuffer(training ? total : 0);
        Moment = new FloatBuffer(training ? TrainableLength : 0);
        Velocity = new FloatBuffer(training ? TrainableLength : 0);
        var at = 0;
        foreach (var (name, shape, trainable) in shapes)
        {
            var width = shape.Length == 0 ? 1 : shape[^1];
            var rows = Length(shape) / width;
            Rows View(FloatBuffer of, bool there) => there ? of.Rows(at, rows, width) : default;
            var parameter = new Parameter(
                name, shape, trainable, Values.Rows(at, rows, width), View(Gradients, training), View(Moment, training && trainable), View(Velocity, training && trainable));
            byName[name] = parameter;
            all.Add(parameter);
            at += Rounded(Length(shape));
        }
    }

    /// <summary>In the order of Keras' model.weights, but for the moving figures, which come last.</summary>
    public IReadOnlyList<Parameter> All => all;

    public Parameter this[string name] => byName[name];

    public FloatBuffer Values { get; }

    public FloatBuffer Gradients { get; }

    /// <summary>Adam's mean of the gradients.</summary>
    public FloatBuffer Moment { get; }

    /// <summary>Adam's mean of the gradients' squares.</summary>
    public FloatBuffer Velocity { get; }

    /// <summary>How much of the buffers Adam moves: the tensors that are trained, and the few floats between them.</summary>
    public int TrainableLength { get; }

    /// <summary>The tensors' names, shapes and whether they are trained.</summary>
    public static IReadOnlyList<(string Name, int[] Shape, bool Trainable)> Shapes(NetworkOptions of)
    {
        var units = of.LstmUnits;
        var both = 2 * units;
        (string, int[], bool)[] mix = of.Layers == 1 ? [] : [(LayerMix.KernelName, [of.Layers, 1], true)];
        static (string, int[], bool)[] Where(bool there, params (string, int[], bool)[] tensors) => there ? tensors : [];
        return
        [
            .. mix,
            ("conv1d/kernel", [ConvPool.Taps, of.Width, of.Conv1], true),
            ("conv1d/bias", [of.Conv1], true),
            ("conv1d_1/kernel", [ConvPool.Taps, of.Conv1, of.Conv2], true),
            ("conv1d_1/bias", [of.Conv2], true),
            ("bidirectional/forward_lstm/lstm_cell/kernel", [of.Conv2, 4 * units], true),
            ("bidirectional/forward_lstm/lstm_cell/recurrent_kernel", [units, 4 * units], true),
            ("bidirectional/forward_lstm/lstm_cell/bias", [4 * units], true),
            ("bidirectional/backward_lstm/lstm_cell/kernel", [of.Conv2, 4 * units], true),
            ("bidirectional/backward_lstm/lstm_cell/recurrent_kernel", [units, 4 * units], true),
            ("bidirectional/backward_lstm/lstm_cell/bias", [4 * units], true),
            .. Where(of.HasScale, ("attention/scale", [], true)),
            .. Where(of.HasLayerNorm, ("layer_normalization/gamma", [both], true), ("layer_normalization/beta", [both], true)),
            ("dense/kernel", [both, of.Dense], true),
            ("dense/bias", [of.Dense], true),
            .. Where(of.HasBatchNorm, ("batch_normalization/gamma", [of.Dense], true), ("batch_normalization/beta", [of.Dense], true)),
            ("dense_1/kernel", [of.Dense, of.Classes], true),
            ("dense_1/bias", [of.Classes], true),
            .. Where(of.HasBatchNorm, ("batch_normalization/moving_mean", [of.Dense], false), ("batch_normalization/moving_variance", [of.Dense], false)),
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
