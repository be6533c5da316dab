using System.Globalization;
using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>A segment of a recording.</summary>
/// <param name="StartSeconds">Null for the start of the recording.</param>
/// <param name="EndSeconds">Null for the end of the recording.</param>
internal readonly record struct AudioSegment(double? StartSeconds, double? EndSeconds)
{
    private const double EndTolerance = 0.05; // seconds

    /// <summary>The whole recording, even if it is empty.</summary>
    public static AudioSegment FullRecording => default;

    /// <summary>Whether it starts before the recording, which is an error.</summary>
    public bool StartsTooEarly => FirstSample < 0;

    private long FirstSample => Waveform.ToSample(StartSeconds ?? 0);

    private long EndSample => EndSeconds is { } seconds ? Waveform.ToSample(seconds) : long.MaxValue;

    /// <summary>Number of samples of the segment, for a number of samples of the recording.</summary>
    public long GetExpectedLength(long recordingSamples) =>
        Math.Max(0, Math.Min(EndSample, recordingSamples) - Math.Max(0, FirstSample));

    /// <summary>The part of a block that is in the segment.</summary>
    /// <param name="position">Number of samples before the block.</param>
    public ReadOnlySpan<float> Cut(ReadOnlySpan<float> block, long position)
    {
        var first = (int)Math.Clamp(FirstSample - position, 0, block.Length);
        var end = (int)Math.Clamp(EndSample - position, first, block.Length);
        return block[first..end];
    }

    /// <summary>
    /// The warning about a segment that ends after the recording, which is read to its end; null if it does not. Times
    /// are rounded in manifests, and decoders of compressed formats differ by a block: 50 ms are no warning.
    /// </summary>
    /// <param name="recordingSamples">Number of samples of the whole recording.</param>
    public RecordingWarning? CheckEnd(long recordingSamples)
    {
        var seconds = (double)recordingSamples / Waveform.SampleRateHz;
        return EndSeconds > seconds + EndTolerance
            ? new(
                RecordingWarning.SegmentEnd,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its segment ends at {EndSeconds:0.###} s, and the recording at {seconds:0.###} s: it is read to "
                        + $"the end of the recording"
                )
            )
            : null;
    }

    /// <exception cref="InvalidFileException">The segment is not inside the recording, or empty.</exception>
    /// <param name="recordingSamples">Number of samples of the whole recording.</param>
    public void ThrowIfOutside(string name, long recordingSamples)
    {
        if (this == FullRecording || (FirstSample >= 0 && FirstSample < Math.Min(recordingSamples, EndSample)))
            return;
        throw new InvalidFileException(
            name,
            null,
            $"{(double)recordingSamples / Waveform.SampleRateHz:0.###} s of audio",
            $"a segment from {StartSeconds ?? 0:0.###} s to "
                + (EndSeconds is { } limit ? $"{limit:0.###} s" : "the end"),
            "correct start and end in the manifest"
        );
    }
}
