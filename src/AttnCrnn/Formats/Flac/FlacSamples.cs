namespace AttnCrnn.Formats.Flac;

/// <summary>Collects a recording's samples as float32.</summary>
/// <remarks>
/// A header may declare any length, and a few bytes may encode 65535 samples of silence: memory grows with the decoded
/// samples, up to the same limit as for ffmpeg.
/// </remarks>
internal sealed class FlacSamples
{
    private const int MaxSamples = int.MaxValue / sizeof(float); // 2 GiB
    private const int InitialSamplesPerByte = 4; // speech has one or two

    private readonly FlacBytes file;
    private readonly FlacStreamInfo info;
    private readonly long declared;
    private float[] samples;
    private int count;

    public FlacSamples(FlacBytes file, FlacStreamInfo info)
    {
        this.file = file;
        this.info = info;
        declared = info.Frames * info.Channels;
        samples = new float[Math.Min(MaxSamples, Math.Min(declared, (long)InitialSamplesPerByte * file.Length))];
    }

    /// <summary>Samples per channel so far.</summary>
    public int Frames => count / info.Channels;

    /// <summary>Adds a frame's samples, full scale ±1.</summary>
    public void Add(FlacFrame frame)
    {
        var added = frame.Header.BlockSize * info.Channels;
        Reserve(count + (long)added);
        var scale = 1f / (1L << (info.Bits - 1));
        for (var channel = 0; channel < info.Channels; channel++)
        {
            var destination = samples.AsSpan(count, added);
            var index = channel;
            foreach (var sample in frame.Channel(channel))
            {
                destination[index] = sample * scale;
                index += info.Channels;
            }
        }
        count += added;
    }

    /// <summary>[frames, channels], interleaved.</summary>
    public float[] ToArray() => count == samples.Length ? samples : samples[..count];

    private void Reserve(long required)
    {
        if (required <= samples.Length)
            return;
        if (required > MaxSamples)
            throw new InvalidFileException(
                file.Path,
                null,
                "a recording of more than 2 GiB once decoded",
                "a shorter one",
                "split the recording"
            );
        var size = Math.Min(MaxSamples, Math.Max(required, 2L * samples.Length));
        Array.Resize(ref samples, (int)(declared >= required ? Math.Min(size, declared) : size));
    }
}
