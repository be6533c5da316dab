namespace AttnCrnn.Audio;

/// <summary>
/// The windows of a recording, or of a stream whose samples are still arriving; both have the same windows.
/// </summary>
/// <param name="windowSeconds">Length of a window; the last one may be shorter.</param>
/// <param name="hopSeconds">From the start of a window to that of the next.</param>
internal sealed class WindowSequence(double windowSeconds, double hopSeconds)
{
    // A shorter remainder may have too few frames; the previous window contains most of it.
    private const int MinLastSamples = Waveform.SampleRateHz / 10;

    private double startSeconds;
    private double? previousEndSeconds;

    /// <summary>Index of the first sample of the next window; earlier samples are not needed any more.</summary>
    public long FirstSample => Waveform.ToSample(startSeconds);

    /// <summary>The next window, if its samples have arrived.</summary>
    /// <param name="samples">Number of samples that have arrived, at 16 kHz.</param>
    /// <param name="isComplete">Whether no more samples will arrive.</param>
    /// <returns>null: the recording is complete and has no more windows, or more samples must arrive.</returns>
    public SampleWindow? Next(long samples, bool isComplete)
    {
        var seconds = (double)samples / Waveform.SampleRateHz;
        if (previousEndSeconds >= seconds)
            return null;
        var fullEndSeconds = startSeconds + windowSeconds;
        if (fullEndSeconds > seconds && !isComplete)
            return null;
        var endSeconds = Math.Min(seconds, fullEndSeconds);
        var window = new SampleWindow(startSeconds, endSeconds, FirstSample, Waveform.ToSample(endSeconds));
        var isRemainder = startSeconds > 0 && endSeconds < fullEndSeconds;
        if (isRemainder && window.EndSample - window.FirstSample < MinLastSamples)
            return null;
        previousEndSeconds = endSeconds;
        startSeconds += hopSeconds;
        return window;
    }
}

/// <summary>A window in seconds and in samples at 16 kHz; <paramref name="EndSample"/> is exclusive.</summary>
internal sealed record SampleWindow(double StartSeconds, double EndSeconds, long FirstSample, long EndSample);
