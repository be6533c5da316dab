using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Models.Layers;

/// <summary>A layer of a network, with a workspace for the largest batch: a pass allocates nothing.</summary>
internal abstract class Layer : IDisposable
{
    /// <summary>Computes the outputs, and keeps what <see cref="Backward"/> needs.</summary>
    /// <param name="clips">[rows, input width]; a layer may overwrite it.</param>
    /// <returns>[rows, output width]; owned by the layer, valid until its next call.</returns>
    public abstract PackedBatch Forward(PackedBatch clips, ForwardPass pass = default);

    /// <summary>Computes the gradients of the parameters and of the inputs of the last <see cref="Forward"/>.</summary>
    /// <param name="gradient">[rows, output width]; a layer may overwrite it.</param>
    /// <returns>
    /// [rows, input width], valid until the next call; default if no layer before this one has parameters.
    /// </returns>
    public abstract MatrixView Backward(MatrixView gradient);

    /// <summary>Frees the layer's memory.</summary>
    public abstract void Dispose();
}
