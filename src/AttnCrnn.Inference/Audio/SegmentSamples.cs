using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>
/// The samples of a segment of a recording, from the current window on; indices count from the start of the segment.
/// </summary>
/// <param name="name">The name of the recording, for messages.</param>
internal sealed class SegmentSamples(
    WaveformDecoder decoder,
    AudioSegment segment,
    string name,
    CancellationToken cancellationToken
)
{
    private readonly SampleBuffer buffer = new();
    private long recordingSamples;

    /// <summary>Whether the recording has been decoded to its end.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The warning about the end of the segment; null if there is none. Known at the end.</summary>
    public RecordingWarning? Warning => segment.CheckEnd(recordingSamples);

    /// <summary>Number of samples of the segment that were decoded so far.</summary>
    public long EndIndex => buffer.EndIndex;

    /// <summary>Decodes a block, and drops what is before the window.</summary>
    /// <exception cref="InvalidFileException">
    /// The recording is damaged, or has ended and the segment is not inside it.
    /// </exception>
    public void ReadBlock(long windowStart)
    {
        buffer.DropBefore(windowStart);
        var block = decoder.ReadBlock(cancellationToken);
        buffer.Append(segment.Cut(block, recordingSamples));
        buffer.DropBefore(windowStart); // a hop that is longer than a window
        recordingSamples += block.Length;
        IsComplete = block.IsEmpty;
        if (IsComplete)
            segment.ThrowIfOutside(name, recordingSamples);
    }

    /// <summary>Decodes the rest of the recording without keeping it.</summary>
    /// <exception cref="InvalidFileException">As for <see cref="ReadBlock"/>.</exception>
    public void SkipToEnd()
    {
        while (!IsComplete)
            ReadBlock(long.MaxValue);
    }

    /// <summary>Copies samples.</summary>
    /// <param name="start">Not before the start of the window.</param>
    public float[] Copy(long start, long end) => buffer.Slice(start, end).ToArray();
}
