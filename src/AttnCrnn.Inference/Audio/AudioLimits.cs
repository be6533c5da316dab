namespace AttnCrnn.Audio;

/// <summary>
/// Limits for recordings from a source that is not trusted, as an upload. What exceeds them is refused before memory
/// for it is allocated, with the found and the allowed number.
/// </summary>
public sealed record AudioLimits
{
    /// <summary>No limits beyond the size of an array.</summary>
    public static AudioLimits None { get; } = new();

    /// <summary>Maximum size of the file or stream, in bytes; null: any.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>Maximum duration in seconds; null: any. A waveform takes 64,000 bytes per second.</summary>
    public double? MaxSeconds { get; init; }

    /// <exception cref="InvalidFileException">The recording has more bytes.</exception>
    internal void ThrowIfLarger(string name, long bytes)
    {
        if (bytes > MaxBytes)
            throw new InvalidFileException(
                name,
                null,
                $"a recording of {bytes} bytes",
                $"at most {MaxBytes} bytes",
                "shorten or compress the recording"
            );
    }

    /// <param name="isWhole">Whether this is the duration of the whole recording, or of a part decoded so far.</param>
    /// <exception cref="InvalidFileException">The recording is longer.</exception>
    internal void ThrowIfLonger(string name, double seconds, bool isWhole)
    {
        if (seconds > MaxSeconds)
            throw new InvalidFileException(
                name,
                null,
                FormattableString.Invariant($"{(isWhole ? "" : "more than ")}{seconds:0.###} s of audio"),
                FormattableString.Invariant($"at most {MaxSeconds:0.###} s"),
                "shorten or split the recording"
            );
    }
}
