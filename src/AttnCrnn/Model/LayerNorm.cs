using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>Every frame to mean 0 and deviation 1 over its features, then scale and shift (Ba et al. 2016; Keras, ε 1e-3).</summary>
internal sealed class LayerNorm : IDisposable
{
    private const float Epsilon = 1e-3f;
    private const int RowsOfTask = 64;

    private readonly Parameter gamma, beta;
    private readonly Workers workers;
    private readonly int width;
    private readonly FloatBuffer normed, inverses, output, gradX, products;
    private readonly ColumnSums? sums;
    private readonly Action<int> forwardRows, backwardRows;

    private Ragged x;
    private Rows gradient;

    public LayerNorm(Parameter gamma, Parameter beta, Workers workers, LargestBatch largest, bool training)
    {
        this.gamma = gamma;
        this.beta = beta;
        this.workers = workers;
        width = gamma.Shape[0];
        normed = new FloatBuffer(largest.Rows * width);
        inverses = new FloatBuffer(largest.Rows);
        output = new FloatBuffer(largest.Rows * width);
        gradX = new FloatBuffer(training ? largest.Rows * width : 0);
        products = new FloatBuffer(training ? largest.Rows * width : 0);
        sums = training ? new ColumnSums(workers, largest.Rows, width) : null;
        (forwardRows, backwardRows) = (ForwardRows, BackwardRows);
    }

    /// <param name="clips">[rows, width].</param>
    /// <returns>[rows, width].</returns>
    public Ragged Forward(Ragged clips)
    {
        x = clips;
        workers.Run(Tasks, forwardRows);
        return clips.With(All(output));
    }

    /// <param name="gradient">[rows, width].</param>
    /// <returns>[rows, width].</returns>
    public Rows Backward(Rows gradient)
    {
        this.gradient = gradient;
        workers.Run(Tasks, backwardRows);
        sums!.Sum(All(products), gamma.Gradients.Span);
        sums.Sum(gradient, beta.Gradients.Span);
        return All(gradX);
    }

    public void Dispose()
    {
        foreach (var buffer in (FloatBuffer[])[normed, inverses, output, gradX, products]) buffer.Dispose();
        sums?.Dispose();
    }

    private int Tasks => (x.Rows.Count + RowsOfTask - 1) / RowsOfTask;

    private Rows All(FloatBuffer buffer) => buffer.Rows(0, x.Rows.Count, width);

    private void ForwardRows(int task)
    {
        for (var row = task * RowsOfTask; row < Math.Min(x.Rows.Count, (task + 1) * RowsOfTask); row++)
        {
            Span<float> from = x.Rows[row], n = All(normed)[row], y = All(output)[row];
            Elementwise.AddScalar(from, -Elementwise.Sum(from) / width, n);
            var inverse = 1 / MathF.Sqrt((Elementwise.Dot(n, n) / width) + Epsilon);
            inverses.Span[row] = inverse;
            Elementwise.Scale(n, inverse, n);
            Elementwise.Multiply(n, gamma.Values.Span, y);
            Elementwise.Add(y, beta.Values.Span, y);
        }
    }

    // dn = dy ∘ γ; dx = (dn - mean(dn) - n · mean(dn ∘ n)) / √(variance + ε).
    private void BackwardRows(int task)
    {
        for (var row = task * RowsOfTask; row < Math.Min(x.Rows.Count, (task + 1) * RowsOfTask); row++)
        {
            Span<float> dy = gradient[row], n = All(normed)[row], dx = All(gradX)[row];
            Elementwise.Multiply(dy, n, All(products)[row]);
            Elementwise.Multiply(dy, gamma.Values.Span, dx);
            var (mean, along) = (Elementwise.Sum(dx) / width, Elementwise.Dot(dx, n) / width);
            Elementwise.AddScalar(dx, -mean, dx);
            Elementwise.Axpy(-along, n, dx);
            Elementwise.Scale(dx, inverses.Span[row], dx);
        }
    }
}
