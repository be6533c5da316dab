namespace AttnCrnn.Audio;

/// <summary>
/// The samples of a stream that are still needed: appended at the end, dropped from the start, addressed by their index
/// in the stream.
/// </summary>
internal sealed class SampleBuffer
{
    private float[] values = [];
    private int start; // of the samples in values

    /// <summary>Index in the stream of the first sample in the buffer.</summary>
    public long FirstIndex { get; private set; }

    /// <summary>Number of samples in the buffer.</summary>
    public int Count { get; private set; }

    /// <summary>Number of samples that were appended so far, including those that were dropped.</summary>
    public long EndIndex => FirstIndex + Count;

    /// <summary>Number of samples for which memory is allocated.</summary>
    public int Capacity => values.Length;

    /// <summary>All samples in the buffer; valid until the next append.</summary>
    public ReadOnlyMemory<float> Samples => values.AsMemory(start, Count);

    /// <summary>Appends samples.</summary>
    public void Append(ReadOnlySpan<float> samples)
    {
        if (start + Count + samples.Length > values.Length)
        {
            var required = checked(Count + samples.Length);
            var target = required <= values.Length ? values : new float[Math.Max(required, 2 * Count)];
            Samples.Span.CopyTo(target);
            values = target;
            start = 0;
        }
        samples.CopyTo(values.AsSpan(start + Count));
        Count += samples.Length;
    }

    /// <summary>Drops all samples before an index in the stream.</summary>
    public void DropBefore(long index)
    {
        var dropped = (int)Math.Clamp(index - FirstIndex, 0, Count);
        start += dropped;
        Count -= dropped;
        FirstIndex += dropped;
    }

    /// <summary>The samples from an index in the stream to another; valid until the next append.</summary>
    public ReadOnlyMemory<float> Slice(long firstIndex, long endIndex) =>
        Samples[checked((int)(firstIndex - FirstIndex))..checked((int)(endIndex - FirstIndex))];
}
