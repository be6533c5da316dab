using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Convolution along time (5 taps, same), bias, ReLU, and the maximum of pairs of frames; an odd last frame is dropped.</summary>
internal abstract class ConvPool : IDisposable
{
    /// <summary>Frames that one output sees.</summary>
    public const int Taps = 5;

    /// <param name="inputGradient">Whether <see cref="Backward"/> shall give the gradient of x, which the first layer needs not.</param>
    /// <param name="exact">By direct products, and not by Winograd's, which round a little differently and make a step in three fifths of the time.</param>
    public static ConvPool Create(
        Parameter kernel,
        Parameter bias,
        WorkerPool workers,
        BatchCapacity largest,
        bool training,
        bool inputGradient,
        bool exact
    ) =>
        exact
            ? new DirectConvPool(kernel, bias, workers, largest, training, inputGradient)
            : new WinogradConvPool(kernel, bias, workers, largest, training, inputGradient);

    /// <param name="clips">[rows, width], at least 2 frames a clip.</param>
    /// <returns>[about rows / 2, filters], valid until the next call.</returns>
    public abstract PackedBatch Forward(PackedBatch clips);

    /// <summary>The gradients of kernel and bias, and of x where it was asked for.</summary>
    /// <param name="gradient">[rows / 2, filters].</param>
    /// <returns>[rows, width], or nothing.</returns>
    public abstract MatrixView Backward(MatrixView gradient);

    /// <summary>Frees its memory.</summary>
    public abstract void Dispose();
}
