using AttnCrnn.Audio;

namespace AttnCrnn.Prediction;

/// <summary>
/// Cuts a stream of samples into windows at 16 kHz. It keeps the samples of one window, and of the last second that
/// arrived.
/// </summary>
internal sealed class WindowStream(int sampleRateHz, WindowOptions options)
{
    private readonly StreamResampler resampler = new(sampleRateHz, Waveform.SampleRateHz);
    private readonly SampleBuffer waveform = new();
    private readonly WindowSequence windows = new(options.Seconds, options.HopSeconds);
    private long receivedCount;
    private bool isComplete;

    /// <summary>Number of samples for which memory is allocated.</summary>
    public int Capacity => waveform.Capacity;

    /// <summary>Appends as much of a chunk as is processed at once: at most one second.</summary>
    /// <returns>The remaining samples, to be appended after all windows were taken.</returns>
    /// <exception cref="InvalidInputException">A sample is NaN or infinite.</exception>
    public ReadOnlyMemory<float> Append(ReadOnlyMemory<float> chunk)
    {
        var samples = chunk.Span[..Math.Min(chunk.Length, sampleRateHz)];
        FiniteSamples.Require(samples, receivedCount);
        receivedCount += samples.Length;
        waveform.Append(resampler.Append(samples));
        return chunk[samples.Length..];
    }

    /// <summary>Ends the stream: the last window, which may be shorter, can then be taken.</summary>
    public void Complete()
    {
        isComplete = true;
        waveform.Append(resampler.Complete());
    }

    /// <summary>Takes the next window. null: none is complete.</summary>
    public AudioWindow? Take()
    {
        waveform.DropBefore(windows.FirstSample);
        return windows.Next(waveform.EndIndex, isComplete) is { } window
            ? new(
                window.StartSeconds,
                window.EndSeconds,
                waveform.Slice(window.FirstSample, window.EndSample).ToArray()
            )
            : null;
    }
}
