using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers.Convolution;

/// <summary>
/// Convolution along time (5 taps, same padding), bias, ReLU, and max pooling of size 2; an odd last frame is dropped.
/// </summary>
internal abstract class ConvPool : IDisposable
{
    /// <summary>Kernel size, in frames.</summary>
    public const int Taps = 5;

    /// <param name="inputGradient">
    /// Whether <see cref="Backward"/> returns the gradient of x, which a first layer does not need.
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

    /// <param name="clips">[rows, width], at least 2 frames per clip.</param>
    /// <returns>[about rows / 2, filters], valid until the next call.</returns>
    public abstract PackedBatch Forward(PackedBatch clips);

    /// <summary>Computes the gradients of kernel and bias, and of x if requested.</summary>
    /// <param name="gradient">[rows / 2, filters].</param>
    /// <returns>[rows, width], or default.</returns>
    public abstract MatrixView Backward(MatrixView gradient);

    /// <summary>Frees the layer's memory.</summary>
    public abstract void Dispose();
}
