using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>Batch normalization.</summary>
internal sealed record BatchNormDeclaration : LayerDeclaration
{
    public override string BaseName => "batch_normalization";

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [
            new($"{name}/{TensorNames.GammaPart}", [width], Initializer.Ones),
            new($"{name}/{TensorNames.BetaPart}", [width], Initializer.Zeros),
            new($"{name}/{TensorNames.MeanPart}", [width], Initializer.Zeros) { Trainable = false },
            new($"{name}/{TensorNames.VariancePart}", [width], Initializer.Ones) { Trainable = false },
        ];

    public override Layer Create(LayerContext context) => new BatchNorm(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Batch normalization (Ioffe and Szegedy 2015) with Keras' defaults; inference uses the running mean and (biased)
/// variance.
/// </summary>
internal sealed class BatchNorm : Layer
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-3;

    /// <summary>Weight of the previous running statistics.</summary>
    public const double Momentum = 0.99;

    private readonly Parameter gamma;
    private readonly Parameter beta;
    private readonly Parameter runningMean;
    private readonly Parameter runningVariance;
    private readonly int width;
    private readonly Disposables disposables = new();
    private readonly AlignedBuffer normalized;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;
    private readonly AlignedBuffer rows; // mean, 1 / standard deviation, two scratch rows

    // Accumulated for UpdateRunningStatistics.
    private readonly double[] sums;
    private readonly double[] squares;
    private MatrixView x;
    private long rowCount;

    public BatchNorm(LayerContext context)
    {
        gamma = context.GetParameter(TensorNames.GammaPart);
        beta = context.GetParameter(TensorNames.BetaPart);
        runningMean = context.GetParameter(TensorNames.MeanPart);
        runningVariance = context.GetParameter(TensorNames.VariancePart);
        width = gamma.Shape[0];
        var maxRows = context.Capacity.Rows;
        normalized = disposables.Add(new AlignedBuffer(maxRows * width));
        output = disposables.Add(new AlignedBuffer(maxRows * width));
        gradX = disposables.Add(new AlignedBuffer(context.Training ? maxRows * width : 0));
        rows = disposables.Add(new AlignedBuffer(4 * width));
        sums = new double[width];
        squares = new double[width];
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips.Rows;
        Span<float> mean = GetRow(0);
        Span<float> inverse = GetRow(1);
        Span<float> work = GetRow(2);
        if (pass.UseBatchStatistics)
        {
            ComputeStatistics(mean, inverse);
            UpdateMovingAverage(runningMean.Values.Span, mean, work);
            UpdateMovingAverage(runningVariance.Values.Span, inverse, work);
        }
        else
        {
            runningMean.Values.Span.CopyTo(mean);
            runningVariance.Values.Span.CopyTo(inverse);
        }
        for (var i = 0; i < width; i++)
            inverse[i] = 1 / MathF.Sqrt(inverse[i] + (float)Epsilon);
        var n = normalized.Rows(0, x.Count, width);
        var y = output.Rows(0, x.Count, width);
        for (var row = 0; row < x.Count; row++)
        {
            VectorMath.Subtract(x[row], mean, n[row]);
            VectorMath.Multiply(n[row], inverse, n[row]);
            VectorMath.Multiply(n[row], gamma.Values.Span, y[row]);
            VectorMath.Add(y[row], beta.Values.Span, y[row]);
        }
        return clips.WithRows(y);
    }

    // dx = γ / σ · (dy - mean(dy) - n · mean(dy ∘ n)), means over the batch.
    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        var n = normalized.Rows(0, x.Count, width);
        var dx = gradX.Rows(0, x.Count, width);
        Span<float> inverse = GetRow(1);
        Span<float> gradGamma = gamma.Gradients.Span;
        Span<float> gradBeta = beta.Gradients.Span;
        Span<float> meanDy = GetRow(2);
        Span<float> meanDyN = GetRow(3);
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

    /// <summary>
    /// Accumulates the inputs of the last <see cref="Forward"/> for <see cref="UpdateRunningStatistics"/>.
    /// </summary>
    public void AccumulateStatistics()
    {
        for (var row = 0; row < x.Count; row++)
        for (var i = 0; i < width; i++)
        {
            sums[i] += x[row][i];
            squares[i] += (double)x[row][i] * x[row][i];
        }
        rowCount += x.Count;
    }

    /// <summary>
    /// Sets the running statistics to the statistics of all accumulated inputs, and clears the accumulators.
    /// </summary>
    public void UpdateRunningStatistics()
    {
        for (var i = 0; i < width; i++)
        {
            var mean = sums[i] / rowCount;
            runningMean.Values.Span[i] = (float)mean;
            runningVariance.Values.Span[i] = (float)Math.Max(0, (squares[i] / rowCount) - (mean * mean));
        }
        Array.Clear(sums);
        Array.Clear(squares);
        rowCount = 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => disposables.Dispose();

    private Span<float> GetRow(int index) => rows.Rows(index * width, 1, width)[0];

    private void ComputeStatistics(Span<float> mean, Span<float> variance)
    {
        var difference = GetRow(2);
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

    private static void UpdateMovingAverage(Span<float> average, ReadOnlySpan<float> value, Span<float> work)
    {
        VectorMath.Scale(value, 1 - (float)Momentum, work);
        VectorMath.Scale(average, (float)Momentum, average);
        VectorMath.Add(average, work, average);
    }
}
