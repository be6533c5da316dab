using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Weights;

/// <summary>One tensor of the network.</summary>
/// <param name="FirstMoment">Adam's moving average of the gradients; empty if not trainable.</param>
/// <param name="SecondMoment">Adam's moving average of the squared gradients.</param>
internal sealed record Parameter(
    string Name,
    int[] Shape,
    bool Trainable,
    MatrixView Values,
    MatrixView Gradients,
    MatrixView FirstMoment,
    MatrixView SecondMoment
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

    private readonly Disposables disposables = new();
    private readonly Dictionary<string, Parameter> byName = [];
    private readonly List<Parameter> all = [];

    public Parameters(NetworkOptions options, bool training)
    {
        var shapes = ListShapes(options);
        var total = shapes.Sum(tensor => AlignLength(CountValues(tensor.Shape)));
        TrainableLength = shapes
            .Where(tensor => tensor.Trainable)
            .Sum(tensor => AlignLength(CountValues(tensor.Shape)));
        Values = disposables.Add(new AlignedBuffer(total));
        Gradients = disposables.Add(new AlignedBuffer(training ? total : 0));
        FirstMoment = disposables.Add(new AlignedBuffer(training ? TrainableLength : 0));
        SecondMoment = disposables.Add(new AlignedBuffer(training ? TrainableLength : 0));
        var offset = 0;
        foreach (var (name, shape, trainable) in shapes)
        {
            var width = shape.Length == 0 ? 1 : shape[^1];
            var rows = CountValues(shape) / width;
            MatrixView CreateView(AlignedBuffer buffer, bool isAllocated) =>
                isAllocated ? buffer.Rows(offset, rows, width) : default;
            var parameter = new Parameter(
                name,
                shape,
                trainable,
                Values.Rows(offset, rows, width),
                CreateView(Gradients, training),
                CreateView(FirstMoment, training && trainable),
                CreateView(SecondMoment, training && trainable)
            );
            byName[name] = parameter;
            all.Add(parameter);
            offset += AlignLength(CountValues(shape));
        }
    }

    /// <summary>In the order of Keras' model.weights, except that running statistics come last.</summary>
    public IReadOnlyList<Parameter> All => all;

    public Parameter this[string name] => byName[name];

    public AlignedBuffer Values { get; }

    public AlignedBuffer Gradients { get; }

    /// <summary>Adam's moving averages of the gradients.</summary>
    public AlignedBuffer FirstMoment { get; }

    /// <summary>Adam's moving averages of the squared gradients.</summary>
    public AlignedBuffer SecondMoment { get; }

    /// <summary>Length of the buffers' trainable part, padding included.</summary>
    public int TrainableLength { get; }

    /// <summary>The tensors of a network, in the order of <see cref="All"/>.</summary>
    public static IReadOnlyList<ParameterShape> ListShapes(NetworkOptions options)
    {
        var lstmWidth = 2 * options.LstmUnits;
        var shapes = new List<ParameterShape>();
        void Add(string name, params int[] shape) => shapes.Add(new(name, shape, Trainable: true));
        void AddStatistics(string name, params int[] shape) => shapes.Add(new(name, shape, Trainable: false));
        void AddLstm(string path)
        {
            Add(TensorNames.GetKernelName(path), options.Conv2Filters, 4 * options.LstmUnits);
            Add(TensorNames.GetRecurrentKernelName(path), options.LstmUnits, 4 * options.LstmUnits);
            Add(TensorNames.GetBiasName(path), 4 * options.LstmUnits);
        }
        if (options.EncoderLayers != 1)
            Add(TensorNames.LayerWeightingKernel, options.EncoderLayers, 1);
        Add(TensorNames.GetKernelName(TensorNames.Conv1), ConvPool.Taps, options.Width, options.Conv1Filters);
        Add(TensorNames.GetBiasName(TensorNames.Conv1), options.Conv1Filters);
        Add(TensorNames.GetKernelName(TensorNames.Conv2), ConvPool.Taps, options.Conv1Filters, options.Conv2Filters);
        Add(TensorNames.GetBiasName(TensorNames.Conv2), options.Conv2Filters);
        AddLstm(TensorNames.ForwardCell);
        AddLstm(TensorNames.BackwardCell);
        if (options.HasAttentionScale)
            Add(TensorNames.AttentionScale);
        if (options.HasLayerNorm)
        {
            Add(TensorNames.LayerNormGamma, lstmWidth);
            Add(TensorNames.LayerNormBeta, lstmWidth);
        }
        Add(TensorNames.GetKernelName(TensorNames.HiddenDense), lstmWidth, options.DenseUnits);
        Add(TensorNames.GetBiasName(TensorNames.HiddenDense), options.DenseUnits);
        if (options.HasBatchNorm)
        {
            Add(TensorNames.BatchNormGamma, options.DenseUnits);
            Add(TensorNames.BatchNormBeta, options.DenseUnits);
        }
        Add(TensorNames.GetKernelName(TensorNames.OutputDense), options.DenseUnits, options.Classes);
        Add(TensorNames.GetBiasName(TensorNames.OutputDense), options.Classes);
        if (options.HasBatchNorm)
        {
            AddStatistics(TensorNames.BatchNormMean, options.DenseUnits);
            AddStatistics(TensorNames.BatchNormVariance, options.DenseUnits);
        }
        return shapes;
    }

    public void Dispose() => disposables.Dispose();

    private static int CountValues(int[] shape) => shape.Aggregate(1, (product, size) => checked(product * size));

    private static int AlignLength(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
