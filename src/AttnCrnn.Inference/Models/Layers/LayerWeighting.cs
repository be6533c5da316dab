using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>A learned weighted sum of the encoder's layers.</summary>
/// <param name="Layers">Number of encoder layers in a frame.</param>
internal sealed record LayerWeightingDeclaration(int Layers) : LayerDeclaration
{
    public override string BaseName => TensorNames.LayerMix;

    /// <summary>The layer, or none for frames of a single encoder layer.</summary>
    public static LayerDeclaration[] ForLayers(int layers) =>
        layers == 1 ? [] : [new LayerWeightingDeclaration(layers)];

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [new($"{name}/{TensorNames.KernelPart}", [Layers, 1], Initializer.Mean)];

    public override LayerSize GetOutput(LayerSize input) => input with { Width = input.Width / Layers };

    public override Layer Create(LayerContext context) => new LayerWeighting(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Weighted sum of the encoder's layers: x = Σ w · layer, with one learned weight per layer, initialized to 1 /
/// layers (as in SUPERB, Yang et al. 2021, but without its softmax: weights may be negative). In Keras: Permute, Dense
/// with one unit and no bias, Reshape.
/// </summary>
internal sealed class LayerWeighting : Layer
{
    private const int RowsPerTask = 32; // a row of 13 layers of 768 is 40 KB

    private readonly Parameter kernel;
    private readonly WorkerPool workers;
    private readonly int layers;
    private readonly int width;
    private readonly AlignedBuffer output;
    private readonly double[] partialSums; // [tasks, layers]
    private readonly Action<int> forwardRows;
    private readonly Action<int> backwardRows;

    private PackedBatch x;
    private MatrixView gradient;

    public LayerWeighting(LayerContext context)
    {
        kernel = context.GetParameter(TensorNames.KernelPart);
        workers = context.Workers;
        layers = kernel.Shape[0];
        width = context.Width / layers;
        output = new AlignedBuffer(checked(context.Capacity.Rows * width));
        partialSums = new double[context.Training ? CountTasks(context.Capacity.Rows) * layers : 0];
        forwardRows = ForwardRows;
        backwardRows = BackwardRows;
    }

    /// <summary>Sums the layers of each frame.</summary>
    /// <param name="clips">[rows, layers · width]: a frame's layers concatenated.</param>
    /// <returns>[rows, width].</returns>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        workers.Run(CountTasks(x.Rows.Count), forwardRows);
        return clips.WithRows(output.Rows(0, x.Rows.Count, width));
    }

    /// <summary>Computes the gradient of the weights; the gradient of the frames is not needed.</summary>
    /// <param name="gradient">[rows, width].</param>
    public override MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        var tasks = CountTasks(x.Rows.Count);
        workers.Run(tasks, backwardRows);
        for (var layer = 0; layer < layers; layer++)
        {
            var sum = 0.0;
            for (var task = 0; task < tasks; task++)
                sum += partialSums[(task * layers) + layer];
            kernel.Gradients.Span[layer] = (float)sum;
        }
        return default;
    }

    /// <inheritdoc/>
    public override void Dispose() => output.Dispose();

    private static int CountTasks(int rows) => (rows + RowsPerTask - 1) / RowsPerTask;

    private Span<float> GetLayer(int row, int layer) => x.Rows[row].Slice(layer * width, width);

    private void ForwardRows(int task)
    {
        var weights = kernel.Values.Span;
        for (var row = task * RowsPerTask; row < Math.Min(x.Rows.Count, (task + 1) * RowsPerTask); row++)
        {
            var y = output.Rows(row * width, 1, width)[0];
            VectorMath.Scale(GetLayer(row, 0), weights[0], y);
            for (var layer = 1; layer < layers; layer++)
                VectorMath.Axpy(weights[layer], GetLayer(row, layer), y);
        }
    }

    // dw = Σ over all frames of dy · layer, in float64: a small sum of many terms that cancel.
    private void BackwardRows(int task)
    {
        Span<double> sums = stackalloc double[layers]; // not in place, to avoid false sharing between threads
        sums.Clear();
        for (var row = task * RowsPerTask; row < Math.Min(x.Rows.Count, (task + 1) * RowsPerTask); row++)
        for (var layer = 0; layer < layers; layer++)
            sums[layer] += VectorMath.Dot(gradient[row], GetLayer(row, layer));
        sums.CopyTo(partialSums.AsSpan(task * layers));
    }
}
