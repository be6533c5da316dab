using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Layer normalization.</summary>
internal sealed record LayerNormDeclaration : LayerDeclaration
{
    public override string BaseName => "layer_normalization";

    /// <summary>The layer, or none.</summary>
    public static LayerDeclaration[] If(bool isPresent) => isPresent ? [new LayerNormDeclaration()] : [];

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [
            new($"{name}/{TensorNames.GammaPart}", [width], Initializer.Ones),
            new($"{name}/{TensorNames.BetaPart}", [width], Initializer.Zeros),
        ];

    public override Layer Create(LayerContext context) => new LayerNorm(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Layer normalization over the features of each frame (Ba et al. 2016), with Keras' default ε.
/// </summary>
internal sealed class LayerNorm : Layer
{
    /// <summary>Added to the variance.</summary>
    public const double Epsilon = 1e-3;

    private const int RowsPerTask = 64;

    private readonly Parameter gamma;
    private readonly Parameter beta;
    private readonly WorkerPool workers;
    private readonly int width;
    private readonly Disposables disposables = new();
    private readonly AlignedBuffer normalized; // n; in the backward pass overwritten by dy ∘ n, the terms of dγ
    private readonly AlignedBuffer inverses;
    private readonly AlignedBuffer output; // in the backward pass overwritten by the gradient of x
    private readonly ColumnSums? sums;
    private readonly Action<int> forwardRows;
    private readonly Action<int> backwardRows;

    private PackedBatch x;
    private MatrixView gradient;

    public LayerNorm(LayerContext context)
    {
        gamma = context.GetParameter(TensorNames.GammaPart);
        beta = context.GetParameter(TensorNames.BetaPart);
        workers = context.Workers;
        var capacity = context.Capacity;
        var training = context.Training;
        width = gamma.Shape[0];
        normalized = disposables.Add(new AlignedBuffer(capacity.Rows * width));
        inverses = disposables.Add(new AlignedBuffer(capacity.Rows));
        output = disposables.Add(new AlignedBuffer(capacity.Rows * width));
        sums = training ? disposables.Add(new ColumnSums(workers, capacity.Rows, width)) : null;
        forwardRows = ForwardRows;
        backwardRows = BackwardRows;
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        workers.Run(Tasks, forwardRows);
        return clips.WithRows(GetRows(output));
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        this.gradient = gradient;
        workers.Run(Tasks, backwardRows);
        sums!.Sum(GetRows(normalized), gamma.Gradients.Span);
        sums.Sum(gradient, beta.Gradients.Span);
        return GetRows(output);
    }

    /// <inheritdoc/>
    public override void Dispose() => disposables.Dispose();

    private int Tasks => (x.Rows.Count + RowsPerTask - 1) / RowsPerTask;

    private MatrixView GetRows(AlignedBuffer buffer) => buffer.Rows(0, x.Rows.Count, width);

    private void ForwardRows(int task)
    {
        for (var row = task * RowsPerTask; row < Math.Min(x.Rows.Count, (task + 1) * RowsPerTask); row++)
        {
            Span<float> frame = x.Rows[row];
            Span<float> n = GetRows(normalized)[row];
            Span<float> y = GetRows(output)[row];
            VectorMath.AddScalar(frame, -VectorMath.Sum(frame) / width, n);
            var inverse = 1 / MathF.Sqrt((VectorMath.Dot(n, n) / width) + (float)Epsilon);
            inverses.Span[row] = inverse;
            VectorMath.Scale(n, inverse, n);
            VectorMath.Multiply(n, gamma.Values.Span, y);
            VectorMath.Add(y, beta.Values.Span, y);
        }
    }

    // dn = dy ∘ γ; dx = (dn - mean(dn) - n · mean(dn ∘ n)) / √(variance + ε).
    private void BackwardRows(int task)
    {
        for (var row = task * RowsPerTask; row < Math.Min(x.Rows.Count, (task + 1) * RowsPerTask); row++)
        {
            Span<float> dy = gradient[row];
            Span<float> n = GetRows(normalized)[row];
            Span<float> dx = GetRows(output)[row];
            VectorMath.Multiply(dy, gamma.Values.Span, dx);
            var mean = VectorMath.Sum(dx) / width;
            var meanProduct = VectorMath.Dot(dx, n) / width;
            VectorMath.AddScalar(dx, -mean, dx);
            VectorMath.Axpy(-meanProduct, n, dx);
            VectorMath.Scale(dx, inverses.Span[row], dx);
            VectorMath.Multiply(dy, n, n);
        }
    }
}
