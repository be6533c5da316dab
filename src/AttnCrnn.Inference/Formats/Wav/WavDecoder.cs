namespace AttnCrnn.Formats.Wav;

/// <summary>Decodes the samples of a WAV file, or of a WAV stream whose length is unknown.</summary>
internal sealed class WavDecoder : BlockDecoder
{
    private const int BlockFrames = 1 << 14;

    private readonly Stream stream;
    private readonly SampleEncoding encoding;
    private readonly bool isBigEndian;
    private readonly int bytesPerFrame;
    private readonly byte[] bytes;
    private readonly float[] samples;
    private ReadOnlyMemory<byte> prefix;
    private readonly bool isLengthKnown;
    private long remainingFrames;
    private readonly List<int> nonFinite = [];
    private bool isFinished;

    /// <param name="format">With an encoding.</param>
    /// <param name="prefix">First bytes of the samples, before those of the stream.</param>
    /// <param name="stream">The samples, at its position; not closed.</param>
    /// <param name="frames">Number of frames; null: up to the end of the stream.</param>
    public WavDecoder(WavFormat format, ReadOnlyMemory<byte> prefix, Stream stream, long? frames)
    {
        encoding = format.Encoding!.Value;
        isBigEndian = format.IsBigEndian;
        this.prefix = prefix;
        this.stream = stream;
        bytesPerFrame = format.BytesPerFrame;
        isLengthKnown = frames is not null;
        remainingFrames = frames ?? long.MaxValue;
        // A block of 1024 channels would take 64 MiB as float32.
        var blockFrames = Math.Max(1, BlockFrames / format.Channels);
        bytes = new byte[blockFrames * bytesPerFrame];
        samples = new float[blockFrames * format.Channels];
    }

    public override IReadOnlyList<int> NonFiniteIndices => nonFinite;

    public override ReadOnlySpan<float> ReadBlock(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var requestedBytes = (int)Math.Min(bytes.Length, Math.Min(remainingFrames, bytes.Length) * bytesPerFrame);
        var frames = Fill(bytes.AsSpan(0, requestedBytes)) / bytesPerFrame;
        remainingFrames -= frames;
        var block = samples.AsSpan(0, frames * Channels);
        var encoded = bytes.AsSpan(0, frames * bytesPerFrame);
        if (isBigEndian)
            ReverseSamples(encoded);
        SampleDecoder.Decode(encoding, encoded, block);
        ReplaceNonFinite(block);
        if (frames == 0 && !isFinished)
            Finish();
        return block;
    }

    /// <summary>Does nothing: the stream belongs to the caller.</summary>
    public override void Dispose() { }

    private void Finish()
    {
        isFinished = true;
        if (isLengthKnown && remainingFrames > 0)
            Warnings.Add(
                new(
                    RecordingWarning.Truncated,
                    $"truncated: {remainingFrames} samples are missing at the end, which were there at first"
                )
            );
    }

    private void ReplaceNonFinite(Span<float> block)
    {
        nonFinite.Clear();
        for (var i = 0; i < block.Length; i++)
        {
            if (float.IsFinite(block[i]))
                continue;
            block[i] = 0;
            nonFinite.Add(i);
        }
    }

    private void ReverseSamples(Span<byte> encoded)
    {
        var size = SampleDecoder.GetByteSize(encoding);
        for (var start = 0; start < encoded.Length; start += size)
            encoded.Slice(start, size).Reverse();
    }

    private int Fill(Span<byte> destination)
    {
        var count = Math.Min(prefix.Length, destination.Length);
        prefix.Span[..count].CopyTo(destination);
        prefix = prefix[count..];
        var unfilled = destination[count..];
        return count + stream.ReadAtLeast(unfilled, unfilled.Length, throwOnEndOfStream: false);
    }
}
