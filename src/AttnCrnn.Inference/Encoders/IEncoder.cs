namespace AttnCrnn.Encoders;

/// <summary>
/// Computes frames from speech; frozen during training. Implement it to use an encoder of your own for extraction,
/// training and prediction: pass it to the feature extractor, and encode recordings with it before they are predicted
/// (docs/library.md). <see cref="EncoderCatalog"/> opens the encoders of the library.
/// </summary>
/// <remarks>
/// An implementation must be thread-safe: the library calls <see cref="Encode"/> from several threads at once. Equal
/// samples must give equal frames: a store keeps them for as long as <see cref="Description"/> is equal, and never
/// computes them again.
/// </remarks>
public interface IEncoder : IDisposable
{
    /// <summary>
    /// Identifies the encoder; part of every clip key and every model. Change its revision whenever equal samples would
    /// give other frames.
    /// </summary>
    EncoderDescription Description { get; }

    /// <summary>Computes the frames of one clip, without padding or batching.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite.</param>
    /// <returns>
    /// [frames, layers, width], finite, with the description's layers and width; no frames if the clip is too short.
    /// </returns>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default);
}
