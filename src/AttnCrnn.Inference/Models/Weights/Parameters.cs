using AttnCrnn.Models.Networks;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Weights;

/// <summary>One tensor of the network.</summary>
/// <param name="Declaration">Its name, shape and initialization.</param>
/// <param name="FirstMoment">Adam's moving average of the gradients; empty if not trainable.</param>
/// <param name="SecondMoment">Adam's moving average of the squared gradients.</param>
internal sealed record Parameter(
    ParameterShape Declaration,
    MatrixView Values,
    MatrixView Gradients,
    MatrixView FirstMoment,
    MatrixView SecondMoment
)
{
    /// <summary>Name in Keras' terms.</summary>
    public string Name => Declaration.Name;

    /// <summary>Size of each dimension.</summary>
    public int[] Shape => Declaration.Shape;

    /// <summary>Whether the optimizer updates it.</summary>
    public bool Trainable => Declaration.Trainable;

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

    private readonly Disposables disposables = new();
    private readonly Dictionary<string, Parameter> byName = [];
    private readonly List<Parameter> all = [];

    public Parameters(NetworkOptions options, bool training)
        : this(options.Declare(), training) { }

    public Parameters(NetworkDeclaration network, bool training)
    {
        var shapes = network.Parameters;
        var total = shapes.Sum(tensor => AlignLength(CountValues(tensor.Shape)));
        TrainableLength = shapes
            .Where(tensor => tensor.Trainable)
            .Sum(tensor => AlignLength(CountValues(tensor.Shape)));
        Values = disposables.Add(new AlignedBuffer(total));
        Gradients = disposables.Add(new AlignedBuffer(training ? total : 0));
        FirstMoment = disposables.Add(new AlignedBuffer(training ? TrainableLength : 0));
        SecondMoment = disposables.Add(new AlignedBuffer(training ? TrainableLength : 0));
        var offset = 0;
        foreach (var tensor in shapes)
        {
            var shape = tensor.Shape;
            var width = shape.Length == 0 ? 1 : shape[^1];
            var rows = CountValues(shape) / width;
            MatrixView CreateView(AlignedBuffer buffer, bool isAllocated) =>
                isAllocated ? buffer.Rows(offset, rows, width) : default;
            var parameter = new Parameter(
                tensor,
                Values.Rows(offset, rows, width),
                CreateView(Gradients, training),
                CreateView(FirstMoment, training && tensor.Trainable),
                CreateView(SecondMoment, training && tensor.Trainable)
            );
            byName[tensor.Name] = parameter;
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
    public static IReadOnlyList<ParameterShape> ListShapes(NetworkOptions options) => options.Declare().Parameters;

    public void Dispose() => disposables.Dispose();

    private static int CountValues(int[] shape) => shape.Aggregate(1, (product, size) => checked(product * size));

    private static int AlignLength(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
