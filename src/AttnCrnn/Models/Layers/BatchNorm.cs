using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// Every feature to mean 0 and deviation 1 over the batch, then scale and shift (Ioffe and Szegedy 2015), with Keras' figures: ε 1e-3, moving
/// mean and (biased) variance that keep .99 of what they were; those are used when not training.
/// </summary>
internal sealed class BatchNorm : IDisposable
{
    private const float Epsilon = 1e-3f;
    private const float Momentum = 0.99f;

    private readonly Parameter gamma,
        beta,
        runningMean,
        runningVariance;
    private readonly int width;
    private readonly AlignedBuffer normed,
        output,
        gradX,
        rows; // rows: mean, inverse deviation, sums of the way back

    private readonly double[] sums,
        squares; // of a recalibration
    private MatrixView x;
    private long counted;

    public BatchNorm(Parameters parameters, int mostRows, bool training)
    {
        gamma = parameters["batch_normalization/gamma"];
        beta = parameters["batch_normalization/beta"];
        runningMean = parameters["batch_normalization/moving_mean"];
        runningVariance = parameters["batch_normalization/moving_variance"];
        width = gamma.Shape[0];
        normed = new AlignedBuffer(mostRows * width);
        output = new AlignedBuffer(mostRows * width);
        gradX = new AlignedBuffer(training ? mostRows * width : 0);
        rows = new AlignedBuffer(4 * width);
        (sums, squares) = (new double[width], new double[width]);
    }

    /// <param name="x">[clips, width].</param>
    /// <param name="training">Whether the batch's own figures are used, and the moving ones moved.</param>
    /// <returns>[clips, width].</returns>
    public MatrixView Forward(MatrixView x, bool training)
    {
        this.x = x;
        Span<float> mean = Line(0),
            inverse = Line(1),
            work = Line(2);
        if (training)
        {
            Statistics(mean, inverse);
            Move(runningMean.Values.Span, mean, work);
            Move(runningVariance.Values.Span, inverse, work);
        }
        else
        {
            runningMean.Values.Span.CopyTo(mean);
            runningVariance.Values.Span.CopyTo(inverse);
        }
        for (var i = 0; i < width; i++)
            inverse[i] = 1 / MathF.Sqrt(inverse[i] + Epsilon);
        var (n, y) = (normed.Rows(0, x.Count, width), output.Rows(0, x.Count, width));
        for (var row = 0; row < x.Count; row++)
        {
            VectorMath.Subtract(x[row], mean, n[row]);
            VectorMath.Multiply(n[row], inverse, n[row]);
            VectorMath.Multiply(n[row], gamma.Values.Span, y[row]);
            VectorMath.Add(y[row], beta.Values.Span, y[row]);
        }
        return y;
    }

    // dx = γ / deviation · (dy - mean(dy) - n · mean(dy ∘ n)), means over the batch.
    /// <param name="gradient">[clips, width].</param>
    /// <returns>[clips, width].</returns>
    public MatrixView Backward(MatrixView gradient)
    {
        var (n, dx) = (normed.Rows(0, x.Count, width), gradX.Rows(0, x.Count, width));
        Span<float> inverse = Line(1),
            gradGamma = gamma.Gradients.Span,
            gradBeta = beta.Gradients.Span,
            meanDy = Line(2),
            meanDyN = Line(3);
        gradGamma.Clear();
        gradBeta.Clear();
        for (var row = 0; row < x.Count; row++)
        {
            VectorMath.MultiplyAdd(gradient[row], n[row], gradGamma);
            VectorMath.Add(gradBeta, gradient[row], gradBeta);
        }
        VectorMath.Scale(gradBeta, 1f / x.Count, meanDy);
        VectorMath.Scale(gradGamma, -1f / x.Count, meanDyN);
        for (var row = 0; row < x.Count; row++)
        {
            VectorMath.Subtract(gradient[row], meanDy, dx[row]);
            VectorMath.MultiplyAdd(n[row], meanDyN, dx[row]);
            VectorMath.Multiply(dx[row], gamma.Values.Span, dx[row]);
            VectorMath.Multiply(dx[row], inverse, dx[row]);
        }
        return dx;
    }

    /// <summary>Adds the last <see cref="Forward"/>'s inputs to the figures that <see cref="UpdateRunningStatistics"/> will set.</summary>
    public void AccumulateStatistics()
    {
        for (var row = 0; row < x.Count; row++)
        for (var i = 0; i < width; i++)
        {
            sums[i] += x[row][i];
            squares[i] += (double)x[row][i] * x[row][i];
        }
        counted += x.Count;
    }

    /// <summary>Sets the moving figures to those of all inputs counted, and forgets them.</summary>
    public void UpdateRunningStatistics()
    {
        for (var i = 0; i < width; i++)
        {
            var mean = sums[i] / counted;
            runningMean.Values.Span[i] = (float)mean;
            runningVariance.Values.Span[i] = (float)Math.Max(0, (squares[i] / counted) - (mean * mean));
        }
        Array.Clear(sums);
        Array.Clear(squares);
        counted = 0;
    }

    public void Dispose()
    {
        foreach (var buffer in (AlignedBuffer[])[normed, output, gradX, rows])
            buffer.Dispose();
    }

    private Span<float> Line(int index) => rows.Rows(index * width, 1, width)[0];

    private void Statistics(Span<float> mean, Span<float> variance)
    {
        var difference = Line(2);
        mean.Clear();
        for (var row = 0; row < x.Count; row++)
            VectorMath.Add(mean, x[row], mean);
        VectorMath.Scale(mean, 1f / x.Count, mean);
        variance.Clear();
        for (var row = 0; row < x.Count; row++)
        {
            VectorMath.Subtract(x[row], mean, difference);
            VectorMath.MultiplyAdd(difference, difference, variance);
        }
        VectorMath.Scale(variance, 1f / x.Count, variance);
    }

    private static void Move(Span<float> moving, ReadOnlySpan<float> now, Span<float> work)
    {
        VectorMath.Scale(now, 1 - Momentum, work);
        VectorMath.Scale(moving, Momentum, moving);
        VectorMath.Add(moving, work, moving);
    }
}
