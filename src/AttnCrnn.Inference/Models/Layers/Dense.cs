using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>A linear layer.</summary>
/// <param name="Units">Feature dimension of the output.</param>
internal sealed record DenseDeclaration(int Units) : LayerDeclaration
{
    public override string BaseName => "dense";

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [
            new($"{name}/{TensorNames.KernelPart}", [width, Units], Initializer.GlorotUniform),
            new($"{name}/{TensorNames.BiasPart}", [Units], Initializer.Zeros),
        ];

    public override LayerSize GetOutput(LayerSize input) => input with { Width = Units };

    public override Layer Create(LayerContext context) => new Dense(context);

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>y = x W + b.</summary>
internal sealed class Dense : Layer
{
    private readonly Parameter kernel;
    private readonly Parameter bias;
    private readonly WorkerPool workers;
    private readonly AlignedBuffer output;
    private readonly AlignedBuffer gradX;

    private MatrixView x;

    public Dense(LayerContext context)
    {
        kernel = context.GetParameter(TensorNames.KernelPart);
        bias = context.GetParameter(TensorNames.BiasPart);
        workers = context.Workers;
        output = new AlignedBuffer(checked(context.Capacity.Rows * kernel.Shape[1]));
        gradX = new AlignedBuffer(context.Training ? checked(context.Capacity.Rows * kernel.Shape[0]) : 0);
    }

    /// <inheritdoc/>
    public override PackedBatch Forward(PackedBatch clips, ForwardPass pass = default)
    {
        x = clips.Rows;
        var y = output.Rows(0, x.Count, kernel.Shape[1]);
        MatrixProduct.Multiply(workers, x, kernel.Values, y);
        for (var row = 0; row < y.Count; row++)
            VectorMath.Add(y[row], bias.Values.Span, y[row]);
        return clips.WithRows(y);
    }

    /// <inheritdoc/>
    public override MatrixView Backward(MatrixView gradient)
    {
        var gradBias = bias.Gradients.Span;
        gradBias.Clear();
        for (var row = 0; row < gradient.Count; row++)
            VectorMath.Add(gradBias, gradient[row], gradBias);
        MatrixProduct.MultiplyTransposedLeft(workers, x, gradient, kernel.Gradients);
        var gradInput = gradX.Rows(0, x.Count, kernel.Shape[0]);
        MatrixProduct.MultiplyTransposedRight(workers, gradient, kernel.Values, gradInput);
        return gradInput;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        output.Dispose();
        gradX.Dispose();
    }
}
