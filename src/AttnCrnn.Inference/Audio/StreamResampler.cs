namespace AttnCrnn.Audio;

/// <summary>
/// Resamples a waveform that arrives in blocks. The results are bit-identical to <see cref="Resampler.Resample"/> of
/// the whole: each is computed from the same samples in the same order, as soon as they have arrived. Memory is that of
/// a block.
/// </summary>
internal sealed class StreamResampler
{
    private readonly Resampler.Filter? filter; // null: the rates are equal
    private readonly int up;
    private readonly int down;
    private readonly SampleBuffer input = new();
    private float[] output = [];
    private long outputCount;

    public StreamResampler(int fromHz, int toHz) => filter = Resampler.GetFilter(fromHz, toHz, out up, out down);

    /// <summary>Appends a block.</summary>
    /// <returns>The results that no later sample can change; valid until the next call.</returns>
    public ReadOnlySpan<float> Append(ReadOnlySpan<float> block)
    {
        if (filter is null)
            return block;
        input.Append(block);
        // The last sample for whose results all following samples have arrived.
        var lastCenter = input.EndIndex - 1 - filter.HalfWidth;
        return lastCenter < 0 ? [] : Interpolate(filter, ((((lastCenter + 1) * up) - 1) / down) + 1);
    }

    /// <summary>Ends the waveform, which is continued by zeros.</summary>
    /// <returns>The last results; round(samples · to / from) in total, halves to even.</returns>
    public ReadOnlySpan<float> Complete() =>
        filter is null
            ? []
            : Interpolate(filter, (long)Math.Round((double)input.EndIndex * up / down, MidpointRounding.ToEven));

    // Results up to a number, exclusive.
    private Span<float> Interpolate(Resampler.Filter kernel, long endCount)
    {
        var count = checked((int)(endCount - outputCount));
        if (output.Length < count)
            output = new float[count];
        var samples = input.Samples.Span;
        for (var i = 0; i < count; i++)
        {
            var position = (outputCount + i) * down;
            output[i] = kernel.Interpolate(samples, (position / up) - input.FirstIndex, (int)(position % up));
        }
        outputCount = endCount;
        input.DropBefore((outputCount * down / up) - kernel.HalfWidth);
        return output.AsSpan(0, count);
    }
}
