namespace AttnCrnn.Encoders;

/// <summary>Speech in, frames out; nothing in it learns. Safe to call from several threads at once.</summary>
public interface IEncoder : IDisposable
{
    /// <summary>What makes the frames: part of every clip's key, and of every model.</summary>
    EncoderDescription Description { get; }

    /// <summary>The frames of one clip, by itself: never padded, never beside another.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite.</param>
    /// <returns>[frames, layers, width]; no frames where the clip is too short for one.</returns>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default);
}
