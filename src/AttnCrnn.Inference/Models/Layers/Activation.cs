using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>An element-wise activation.</summary>
/// <param name="Kind">The function.</param>
internal sealed record ActivationDeclaration(HeadActivation Kind) : LayerDeclaration
{
    public override string BaseName => "activation";

    public override Layer Create(LayerContext context) => new Activation(Kind, context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>y = f(x), element by element.</summary>
internal sealed class Activation(HeadActivation kind, LayerContext context) : Layer
{
    private readonly AlignedBuffer output = new(checked(context.Capacity.Rows * context.Width));
    private readonly ElementFunction function = HeadActivations.GetFunction(kind);
    private readonly ElementFunction derivative = HeadActivations.GetDerivative(kind);

    private PackedBatch x;

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips;
        var y = GetRows();
        function(x.Rows.Span, y.Span);
        return clips.WithRows(y);
    }

    // The outputs are not needed any more: their buffer gets the derivative.
    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        var slope = GetRows();
        derivative(x.Rows.Span, slope.Span);
        VectorMath.Multiply(gradient.Span, slope.Span, gradient.Span);
        return gradient;
    }

    /// <inheritdoc/>
    public override void Dispose() => output.Dispose();

    private MatrixView GetRows() => output.Rows(0, x.Rows.Count, context.Width);
}
