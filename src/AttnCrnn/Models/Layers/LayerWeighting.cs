using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// Weighted sum of the encoder's layers: x = Σ w · layer, with one learned weight per layer, initialized to 1 /
/// layers (as in SUPERB, Yang et al. 2021, but without its softmax: weights may be negative). In Keras: Permute, Dense
/// with one unit and no bias, Reshape.
/// </summary>
internal sealed class LayerWeighting : IDisposable
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

    /// <param name="kernel">[layers, 1].</param>
    /// <param name="width">Feature dimension per layer.</param>
    public LayerWeighting(Parameter kernel, int width, WorkerPool workers, BatchCapacity capacity, bool training)
    {
        this.kernel = kernel;
        this.width = width;
        this.workers = workers;
        layers = kernel.Shape[0];
        output = new AlignedBuffer(checked(capacity.Rows * width));
        partialSums = new double[training ? CountTasks(capacity.Rows) * layers : 0];
        forwardRows = ForwardRows;
        backwardRows = BackwardRows;
    }

    /// <param name="clips">[rows, layers · width]: a frame's layers concatenated.</param>
    /// <returns>[rows, width].</returns>
    public PackedBatch Forward(PackedBatch clips)
    {
        x = clips;
        workers.Run(CountTasks(x.Rows.Count), forwardRows);
        return clips.WithRows(output.Rows(0, x.Rows.Count, width));
    }

    /// <summary>Computes the gradient of the weights; the gradient of the frames is not needed.</summary>
    /// <param name="gradient">[rows, width].</param>
    public void Backward(MatrixView gradient)
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
    }

    public void Dispose() => output.Dispose();

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
