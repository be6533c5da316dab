using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>A window of a recording.</summary>
/// <param name="StartSeconds">Start in the recording.</param>
/// <param name="EndSeconds">End in the recording.</param>
/// <param name="Samples">[samples], 16 kHz mono.</param>
public sealed record AudioWindow(double StartSeconds, double EndSeconds, float[] Samples)
{
    /// <summary>What was found when its samples were decoded: samples that are not finite, silent channels.</summary>
    public IReadOnlyList<RecordingWarning> Warnings { get; init; } = [];
}

/// <summary>
/// Reads a recording window by window: memory is that of a window, whatever the length of the recording. The windows
/// have the samples of the whole waveform, bit for bit. Thread-safe; each enumeration decodes the recording anew.
/// </summary>
/// <example>
/// <code>
/// var windows = new AudioWindows(seconds: 3, hopSeconds: 1);
/// foreach (var window in windows.Read("call.mp3", AudioLimits.None, CancellationToken.None))
///     Console.WriteLine($"{window.StartSeconds}: {model.Predict([encoder.Encode(window.Samples)])[0][0]}");
/// </code>
/// </example>
public sealed class AudioWindows
{
    private readonly double seconds;
    private readonly double hopSeconds;

    /// <summary>Creates windows of a length and a distance.</summary>
    /// <param name="seconds">Length of a window, more than 0; the last one of a recording may be shorter.</param>
    /// <param name="hopSeconds">From the start of a window to that of the next, more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A length is 0, negative or not a number.</exception>
    public AudioWindows(double seconds, double hopSeconds)
    {
        if (!(seconds * Waveform.SampleRateHz >= 1) || seconds > int.MaxValue / Waveform.SampleRateHz)
            throw new ArgumentOutOfRangeException(nameof(seconds), seconds, "expected at least one sample");
        if (!(hopSeconds * Waveform.SampleRateHz >= 1))
            throw new ArgumentOutOfRangeException(nameof(hopSeconds), hopSeconds, "expected at least one sample");
        this.seconds = seconds;
        this.hopSeconds = hopSeconds;
    }

    /// <summary>Start of the segment to read, in seconds; null for the start of the recording.</summary>
    public double? SegmentStartSeconds { get; init; }

    /// <summary>End of the segment to read, in seconds; null for the end of the recording.</summary>
    public double? SegmentEndSeconds { get; init; }

    /// <summary>The channel; by default the mean of all.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Reads the windows of a file.</summary>
    /// <exception cref="InvalidFileException">
    /// The file is not audio or damaged, exceeds the limits, or the segment is outside it; damage is found when its
    /// window is read.
    /// </exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public IEnumerable<AudioWindow> Read(string path, AudioLimits limits, CancellationToken cancellationToken) =>
        Read(() => AudioInput.Open(path, limits), limits, cancellationToken);

    /// <summary>Reads the windows of a stream, as <see cref="AudioReader"/> reads a stream.</summary>
    /// <param name="name">The name for messages.</param>
    /// <exception cref="InvalidFileException">As for a file.</exception>
    /// <exception cref="InvalidInputException">ffmpeg is required but not installed.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public IEnumerable<AudioWindow> Read(
        Stream stream,
        string name,
        AudioLimits limits,
        CancellationToken cancellationToken
    ) => Read(() => AudioInput.FromStream(stream, name, limits), limits, cancellationToken);

    /// <summary>Reads the windows of a recording that is opened anew by each enumeration.</summary>
    /// <param name="reportWarnings">Receives the warnings of the file as a whole, after the last window.</param>
    internal IEnumerable<AudioWindow> Read(
        Func<AudioInput> open,
        AudioLimits limits,
        CancellationToken cancellationToken,
        Action<IReadOnlyList<RecordingWarning>>? reportWarnings = null
    )
    {
        var input = open();
        var options = new AudioReadOptions
        {
            Channel = Channel,
            StartSeconds = SegmentStartSeconds,
            EndSeconds = SegmentEndSeconds,
            Limits = limits,
        };
        using var decoder = new WaveformDecoder(input, options, keepsSamples: false, hasParts: true, cancellationToken);
        var segment = options.Segment;
        var samples = new SegmentSamples(decoder, segment, input.Name, cancellationToken);
        var windows = new WindowSequence(seconds, hopSeconds);
        var offset = SegmentStartSeconds ?? 0;
        if (segment.StartsTooEarly)
            samples.SkipToEnd(); // its error has the length of the recording
        while (true)
        {
            while (windows.Next(samples.EndIndex, samples.IsComplete) is { } window)
                yield return new(
                    offset + window.StartSeconds,
                    offset + window.EndSeconds,
                    samples.Copy(window.FirstSample, window.EndSample)
                )
                {
                    Warnings = decoder.FindWarnings(window.StartSeconds, window.EndSeconds),
                };
            if (samples.IsComplete)
            {
                reportWarnings?.Invoke(
                    samples.Warning is { } warning ? [.. decoder.FileWarnings, warning] : decoder.FileWarnings
                );
                yield break;
            }
            decoder.DropWarningsBefore((double)windows.FirstSample / Waveform.SampleRateHz);
            samples.ReadBlock(windows.FirstSample);
        }
    }
}
