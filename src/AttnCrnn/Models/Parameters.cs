using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models;

/// <summary>One tensor of the network.</summary>
/// <param name="Moment">Adam's moving average of the gradients; empty if not trainable.</param>
/// <param name="Velocity">Adam's moving average of the squared gradients.</param>
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
    /// <summary>Number of elements.</summary>
    public int Length => Values.Count * Values.Width;
}

/// <summary>
/// The network's tensors under Keras' names. Values, gradients and both of Adam's moments are contiguous in one buffer
/// each, so that Adam is a single loop; the running statistics of batch norm, which are not trainable, come last.
/// </summary>
internal sealed class Parameters : IDisposable
{
    private const int Alignment = 16; // in floats: tensors start on a cache line

    private readonly Dictionary<string, Parameter> byName = [];
    private readonly List<Parameter> all = [];

    public Parameters(NetworkOptions options, bool training)
    {
        var shapes = Shapes(options);
        var total = shapes.Sum(tensor => Rounded(Length(tensor.Shape)));
        TrainableLength = shapes.Where(tensor => tensor.Trainable).Sum(tensor => Rounded(Length(tensor.Shape)));
        Values = new AlignedBuffer(total);
        Gradients = new AlignedBuffer(training ? total : 0);
        Moment = new AlignedBuffer(training ? TrainableLength : 0);
        Velocity = new AlignedBuffer(training ? TrainableLength : 0);
        var offset = 0;
        foreach (var (name, shape, trainable) in shapes)
        {
            var width = shape.Length == 0 ? 1 : shape[^1];
            var rows = Length(shape) / width;
            MatrixView View(AlignedBuffer buffer, bool isAllocated) =>
                isAllocated ? buffer.Rows(offset, rows, width) : default;
            var parameter = new Parameter(
                name,
                shape,
                trainable,
                Values.Rows(offset, rows, width),
                View(Gradients, training),
                View(Moment, training && trainable),
                View(Velocity, training && trainable)
            );
            byName[name] = parameter;
            all.Add(parameter);
            offset += Rounded(Length(shape));
        }
    }

    /// <summary>In the order of Keras' model.weights, except that running statistics come last.</summary>
    public IReadOnlyList<Parameter> All => all;

    public Parameter this[string name] => byName[name];

    public AlignedBuffer Values { get; }

    public AlignedBuffer Gradients { get; }

    /// <summary>Adam's moving averages of the gradients.</summary>
    public AlignedBuffer Moment { get; }

    /// <summary>Adam's moving averages of the squared gradients.</summary>
    public AlignedBuffer Velocity { get; }

    /// <summary>Length of the buffers' trainable part, padding included.</summary>
    public int TrainableLength { get; }

    /// <summary>Names and shapes of the tensors, and whether they are trainable.</summary>
    public static IReadOnlyList<(string Name, int[] Shape, bool Trainable)> Shapes(NetworkOptions networkOptions)
    {
        var units = networkOptions.LstmUnits;
        var lstmWidth = 2 * units;
        (string, int[], bool)[] mix =
            networkOptions.Layers == 1 ? [] : [(TensorNames.MixKernel, [networkOptions.Layers, 1], true)];
        static (string, int[], bool)[] Where(bool condition, params (string, int[], bool)[] tensors) =>
            condition ? tensors : [];
        return
        [
            .. mix,
            (
                TensorNames.Kernel(TensorNames.Conv1),
                [ConvPool.Taps, networkOptions.Width, networkOptions.Conv1Filters],
                true
            ),
            (TensorNames.Bias(TensorNames.Conv1), [networkOptions.Conv1Filters], true),
            (
                TensorNames.Kernel(TensorNames.Conv2),
                [ConvPool.Taps, networkOptions.Conv1Filters, networkOptions.Conv2Filters],
                true
            ),
            (TensorNames.Bias(TensorNames.Conv2), [networkOptions.Conv2Filters], true),
            (TensorNames.Kernel(TensorNames.ForwardCell), [networkOptions.Conv2Filters, 4 * units], true),
            (TensorNames.RecurrentKernel(TensorNames.ForwardCell), [units, 4 * units], true),
            (TensorNames.Bias(TensorNames.ForwardCell), [4 * units], true),
            (TensorNames.Kernel(TensorNames.BackwardCell), [networkOptions.Conv2Filters, 4 * units], true),
            (TensorNames.RecurrentKernel(TensorNames.BackwardCell), [units, 4 * units], true),
            (TensorNames.Bias(TensorNames.BackwardCell), [4 * units], true),
            .. Where(networkOptions.HasAttentionScale, (TensorNames.AttentionScale, [], true)),
            .. Where(
                networkOptions.HasLayerNorm,
                (TensorNames.LayerNormGamma, [lstmWidth], true),
                (TensorNames.LayerNormBeta, [lstmWidth], true)
            ),
            (TensorNames.Kernel(TensorNames.HiddenDense), [lstmWidth, networkOptions.DenseUnits], true),
            (TensorNames.Bias(TensorNames.HiddenDense), [networkOptions.DenseUnits], true),
            .. Where(
                networkOptions.HasBatchNorm,
                (TensorNames.BatchNormGamma, [networkOptions.DenseUnits], true),
                (TensorNames.BatchNormBeta, [networkOptions.DenseUnits], true)
            ),
            (TensorNames.Kernel(TensorNames.OutputDense), [networkOptions.DenseUnits, networkOptions.Classes], true),
            (TensorNames.Bias(TensorNames.OutputDense), [networkOptions.Classes], true),
            .. Where(
                networkOptions.HasBatchNorm,
                (TensorNames.BatchNormMean, [networkOptions.DenseUnits], false),
                (TensorNames.BatchNormVariance, [networkOptions.DenseUnits], false)
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
