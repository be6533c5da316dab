namespace AttnCrnn.Encoders;

/// <summary>Computes frames from speech; frozen during training. Thread-safe.</summary>
public interface IEncoder : IDisposable
{
    /// <summary>Identifies the encoder; part of every clip key and every model.</summary>
    EncoderDescription Description { get; }

    /// <summary>Computes the frames of one clip, without padding or batching.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite.</param>
    /// <returns>[frames, layers, width]; no frames if the clip is too short.</returns>
    /// <exception cref="OperationCanceledException">The operation was canceled.</exception>
    FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default);
}
