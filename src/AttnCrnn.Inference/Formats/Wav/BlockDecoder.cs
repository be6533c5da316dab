namespace AttnCrnn.Formats.Wav;

/// <summary>
/// Decodes a recording block by block, so that its memory does not grow with the length of the recording.
/// </summary>
internal abstract class BlockDecoder : IDisposable
{
    /// <summary>Sample rate in Hz.</summary>
    public required int SampleRateHz { get; init; }

    /// <summary>Number of channels.</summary>
    public required int Channels { get; init; }

    /// <summary>
    /// Samples per channel as far as the header and the size of the file tell; null if they do not. The decoder may
    /// give more or fewer.
    /// </summary>
    public long? ExpectedSamplesPerChannel { get; init; }

    /// <summary>Indices of the samples of the last block that were NaN or infinite, and are replaced by 0.</summary>
    public virtual IReadOnlyList<int> NonFiniteIndices => [];

    /// <summary>
    /// Problems of the file that did not prevent reading; complete after the last block. Without those of samples.
    /// </summary>
    public List<RecordingWarning> Warnings { get; } = [];

    /// <summary>
    /// Whether decoding stopped because rate, channels or sample size change within the recording, which only ffmpeg
    /// supports.
    /// </summary>
    public bool HasFormatChange { get; protected set; }

    /// <summary>Decodes the next block.</summary>
    /// <returns>[frames, channels], interleaved, full scale ±1, finite; valid until the next call; empty at the end.
    /// </returns>
    /// <exception cref="InvalidFileException">The recording is damaged.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public abstract ReadOnlySpan<float> ReadBlock(CancellationToken cancellationToken);

    /// <summary>Reads all remaining blocks; null if <see cref="HasFormatChange"/>.</summary>
    public WavAudio? ReadAll(CancellationToken cancellationToken)
    {
        var samples = new SampleList((ExpectedSamplesPerChannel ?? 0) * Channels);
        long nonFinite = 0;
        for (ReadOnlySpan<float> block; !(block = ReadBlock(cancellationToken)).IsEmpty; )
        {
            samples.Add(block);
            nonFinite += NonFiniteIndices.Count;
        }
        if (HasFormatChange)
            return null;
        List<RecordingWarning> warnings = [.. Warnings];
        if (nonFinite > 0)
            warnings.Add(RecordingWarning.CreateNonFinite(nonFinite));
        return new(SampleRateHz, Channels, samples.ToArray(), nonFinite, warnings);
    }

    public abstract void Dispose();
}
