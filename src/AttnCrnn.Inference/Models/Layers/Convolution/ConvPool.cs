using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers.Convolution;

/// <summary>Convolution along time with ReLU and max pooling of size 2.</summary>
/// <param name="Filters">Feature dimension of the output.</param>
internal sealed record ConvPoolDeclaration(int Filters) : LayerDeclaration
{
    public override string BaseName => "conv1d";

    public override IEnumerable<ParameterShape> ListParameters(string name, int width) =>
        [
            new($"{name}/{TensorNames.KernelPart}", [ConvPool.Taps, width, Filters], Initializer.GlorotUniform),
            new($"{name}/{TensorNames.BiasPart}", [Filters], Initializer.Zeros),
        ];

    public override LayerSize GetOutput(LayerSize input) => new(input.Capacity.ToHalf(), Filters);

    public override Layer Create(LayerContext context) =>
        ConvPool.Create(
            context.GetParameter(TensorNames.KernelPart),
            context.GetParameter(TensorNames.BiasPart),
            context.Workers,
            context.Capacity,
            context.Training,
            context.HasInputGradient,
            context.ExactConvolution
        );

    public override void Accept(ILayerVisitor visitor, string name) => visitor.Visit(this, name);
}

/// <summary>
/// Convolution along time (5 taps, same padding), bias, ReLU, and max pooling of size 2; an odd last frame is dropped.
/// </summary>
internal abstract class ConvPool : Layer
{
    /// <summary>Kernel size, in frames.</summary>
    public const int Taps = 5;

    /// <param name="inputGradient">
    /// Whether <see cref="Layer.Backward"/> returns the gradient of x, which a first layer does not need.
    /// </param>
    /// <param name="exact">
    /// Whether to use direct convolution, which takes 1.7 times as long per training step as Winograd's algorithm and
    /// rounds slightly differently.
    /// </param>
    public static ConvPool Create(
        Parameter kernel,
        Parameter bias,
        WorkerPool workers,
        BatchCapacity capacity,
        bool training,
        bool inputGradient,
        bool exact
    ) =>
        exact
            ? new DirectConvPool(kernel, bias, workers, capacity, training, inputGradient)
            : new WinogradConvPool(kernel, bias, workers, capacity, training, inputGradient);
}
