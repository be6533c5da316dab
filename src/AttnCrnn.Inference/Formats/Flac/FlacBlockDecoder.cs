using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Formats.Flac;

/// <summary>
/// Decodes a FLAC file frame by frame. The compressed file is in memory, because FLAC frames do not store their length.
/// </summary>
internal sealed class FlacBlockDecoder : BlockDecoder
{
    private readonly FlacBytes file;
    private readonly FlacStreamInfo info;
    private readonly FlacMd5 md5;
    private readonly FlacFrameSequence sequence;
    private readonly FlacFrame frame;
    private readonly long? maxSamples;
    private float[] block = [];
    private long decodedSamples; // per channel
    private int offset;
    private bool isFinished;

    /// <param name="maxSamples">
    /// Maximum number of samples in all channels, for a caller who keeps them: a few bytes may encode 65535 samples of
    /// silence. Null: no maximum.
    /// </param>
    public FlacBlockDecoder(FlacBytes file, FlacStreamInfo info, long? maxSamples)
    {
        this.file = file;
        this.info = info;
        this.maxSamples = maxSamples;
        md5 = new FlacMd5(info);
        sequence = new FlacFrameSequence(file, info);
        frame = new FlacFrame(file, info);
        offset = info.FirstFrameOffset;
    }

    public override ReadOnlySpan<float> ReadBlock(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (isFinished)
            return [];
        if (sequence.IsAtEnd(frame, offset, decodedSamples) || !sequence.TryRead(frame, offset))
        {
            isFinished = true;
            Warnings.AddRange(sequence.GetWarnings(decodedSamples, md5));
            return [];
        }
        if (!frame.Header.IsConsistentWith(info))
        {
            isFinished = true;
            HasFormatChange = true;
            return [];
        }
        decodedSamples += frame.Header.BlockSize;
        if (decodedSamples * info.Channels > maxSamples)
            throw new InvalidFileException(
                file.Path,
                null,
                "a recording of more than 2 GiB once decoded",
                "a shorter one",
                "split the recording"
            );
        md5.Add(frame);
        offset = frame.End;
        return ReadFrame();
    }

    public override void Dispose() { }

    private Span<float> ReadFrame()
    {
        var count = frame.Header.BlockSize * info.Channels;
        if (block.Length < count)
            block = new float[count];
        var scale = 1f / (1L << (info.Bits - 1));
        for (var channel = 0; channel < info.Channels; channel++)
        {
            var index = channel;
            foreach (var sample in frame.GetChannel(channel))
            {
                block[index] = sample * scale;
                index += info.Channels;
            }
        }
        return block.AsSpan(0, count);
    }
}
