namespace AttnCrnn.Formats.Flac;

/// <summary>A recording's samples as float32, as they come.</summary>
/// <remarks>
/// A header may declare any length, and a few bytes may stand for 65535 samples of silence: memory is taken as samples come, and no more than a
/// recording read through ffmpeg may take.
/// </remarks>
internal sealed class FlacSamples
{
    private const int MaxSamples = int.MaxValue / sizeof(float); // 2 GiB
    private const int NumbersPerByte = 4; // what is begun with; speech has one or two

    private readonly FlacByteReader file;
    private readonly FlacStreamInfo head;
    private readonly long declared;
    private float[] numbers;
    private int count;

    public FlacSamples(FlacByteReader file, FlacStreamInfo head)
    {
        (this.file, this.head) = (file, head);
        declared = head.Frames * head.Channels;
        numbers = new float[Math.Min(MaxSamples, Math.Min(declared, (long)NumbersPerByte * file.Length))];
    }

    /// <summary>Samples a channel so far.</summary>
    public int Frames => count / head.Channels;

    /// <summary>Adds a frame's samples, full scale ±1.</summary>
    public void Add(FlacFrame frame)
    {
        var added = frame.Header.BlockSize * head.Channels;
        Reserve(count + (long)added);
        var scale = 1f / (1L << (head.Bits - 1));
        for (var channel = 0; channel < head.Channels; channel++)
        {
            var to = numbers.AsSpan(count, added);
            var at = channel;
            foreach (var sample in frame.Channel(channel))
            {
                to[at] = sample * scale;
                at += head.Channels;
            }
        }
        count += added;
    }

    /// <summary>[frames, channels], interleaved.</summary>
    public float[] Whole() => count == numbers.Length ? numbers : numbers[..count];

    private void Reserve(long need)
    {
        if (need <= numbers.Length)
            return;
        if (need > MaxSamples)
            throw new InvalidFileException(
                file.Path,
                null,
                "a recording of more than 2 GiB once decoded",
                "a shorter one",
                "cut it into pieces"
            );
        var size = Math.Min(MaxSamples, Math.Max(need, 2L * numbers.Length));
        Array.Resize(ref numbers, (int)(declared >= need ? Math.Min(size, declared) : size));
    }
}
