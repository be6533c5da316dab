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
    private readonly long declaredSamples;
    private float[] samples;
    private int count;

    public FlacSamples(FlacBytes file, FlacStreamInfo info)
    {
        this.file = file;
        this.info = info;
        declaredSamples = info.TotalSamples * info.Channels;
        samples = new float[Math.Min(MaxSamples, Math.Min(declaredSamples, (long)InitialSamplesPerByte * file.Length))];
    }

    /// <summary>Samples per channel so far.</summary>
    public int SamplesPerChannel => count / info.Channels;

    /// <summary>Adds a frame's samples, full scale ±1.</summary>
    public void Add(FlacFrame frame)
    {
        var addedSamples = frame.Header.BlockSize * info.Channels;
        Reserve(count + (long)addedSamples);
        var scale = 1f / (1L << (info.Bits - 1));
        for (var channel = 0; channel < info.Channels; channel++)
        {
            var destination = samples.AsSpan(count, addedSamples);
            var index = channel;
            foreach (var sample in frame.GetChannel(channel))
            {
                destination[index] = sample * scale;
                index += info.Channels;
            }
        }
        count += addedSamples;
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
        Array.Resize(ref samples, (int)(declaredSamples >= required ? Math.Min(size, declaredSamples) : size));
    }
}
