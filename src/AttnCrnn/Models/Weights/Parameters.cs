using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Weights;

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

/// <summary>Name and shape of one tensor of a network.</summary>
/// <param name="Trainable">Whether Adam updates it; false for the running statistics of batch norm.</param>
internal sealed record ParameterShape(string Name, int[] Shape, bool Trainable);

/// <summary>
/// The network's tensors under Keras' names. Values, gradients and both of Adam's moments are contiguous in one buffer
/// each, so that Adam is a single loop; the running statistics of batch norm, which are not trainable, come last.
/// </summary>
internal sealed class Parameters : IDisposable
{
    private const int Alignment = 16; // in floats: tensors start on a cache line

    private readonly Disposables owned = new();
    private readonly Dictionary<string, Parameter> byName = [];
    private readonly List<Parameter> all = [];

    public Parameters(NetworkOptions options, bool training)
    {
        var shapes = Shapes(options);
        var total = shapes.Sum(tensor => Rounded(Length(tensor.Shape)));
        TrainableLength = shapes.Where(tensor => tensor.Trainable).Sum(tensor => Rounded(Length(tensor.Shape)));
        Values = owned.Add(new AlignedBuffer(total));
        Gradients = owned.Add(new AlignedBuffer(training ? total : 0));
        Moment = owned.Add(new AlignedBuffer(training ? TrainableLength : 0));
        Velocity = owned.Add(new AlignedBuffer(training ? TrainableLength : 0));
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

    /// <summary>The tensors of a network, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<ParameterShape> Shapes(NetworkOptions options)
    {
        var lstmWidth = 2 * options.LstmUnits;
        var shapes = new List<ParameterShape>();
        void Add(string name, params int[] shape) => shapes.Add(new(name, shape, Trainable: true));
        void AddStatistics(string name, params int[] shape) => shapes.Add(new(name, shape, Trainable: false));
        void AddLstm(string path)
        {
            Add(TensorNames.Kernel(path), options.Conv2Filters, 4 * options.LstmUnits);
            Add(TensorNames.RecurrentKernel(path), options.LstmUnits, 4 * options.LstmUnits);
            Add(TensorNames.Bias(path), 4 * options.LstmUnits);
        }
        if (options.Layers != 1)
            Add(TensorNames.MixKernel, options.Layers, 1);
        Add(TensorNames.Kernel(TensorNames.Conv1), ConvPool.Taps, options.Width, options.Conv1Filters);
        Add(TensorNames.Bias(TensorNames.Conv1), options.Conv1Filters);
        Add(TensorNames.Kernel(TensorNames.Conv2), ConvPool.Taps, options.Conv1Filters, options.Conv2Filters);
        Add(TensorNames.Bias(TensorNames.Conv2), options.Conv2Filters);
        AddLstm(TensorNames.ForwardCell);
        AddLstm(TensorNames.BackwardCell);
        if (options.HasAttentionScale)
            Add(TensorNames.AttentionScale);
        if (options.HasLayerNorm)
        {
            Add(TensorNames.LayerNormGamma, lstmWidth);
            Add(TensorNames.LayerNormBeta, lstmWidth);
        }
        Add(TensorNames.Kernel(TensorNames.HiddenDense), lstmWidth, options.DenseUnits);
        Add(TensorNames.Bias(TensorNames.HiddenDense), options.DenseUnits);
        if (options.HasBatchNorm)
        {
            Add(TensorNames.BatchNormGamma, options.DenseUnits);
            Add(TensorNames.BatchNormBeta, options.DenseUnits);
        }
        Add(TensorNames.Kernel(TensorNames.OutputDense), options.DenseUnits, options.Classes);
        Add(TensorNames.Bias(TensorNames.OutputDense), options.Classes);
        if (options.HasBatchNorm)
        {
            AddStatistics(TensorNames.BatchNormMean, options.DenseUnits);
            AddStatistics(TensorNames.BatchNormVariance, options.DenseUnits);
        }
        return shapes;
    }

    public void Dispose() => owned.Dispose();

    private static int Length(int[] shape) => shape.Aggregate(1, (product, size) => checked(product * size));

    private static int Rounded(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
