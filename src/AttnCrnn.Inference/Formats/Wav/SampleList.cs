namespace AttnCrnn.Formats.Wav;

/// <summary>A growing list of samples.</summary>
/// <param name="expected">
/// Expected number: allocated at once, so the caller must have checked it against the size of the file.
/// </param>
internal sealed class SampleList(long expected)
{
    private float[] samples = new float[Math.Min(expected, Array.MaxLength)];

    /// <summary>Number of samples.</summary>
    public int Count { get; private set; }

    /// <exception cref="ArgumentException">The list would have more elements than an array can.</exception>
    public void Add(ReadOnlySpan<float> block)
    {
        var required = (long)Count + block.Length;
        if (required > Array.MaxLength)
            throw new ArgumentException($"{required} samples, at most {Array.MaxLength}", nameof(block));
        if (required > samples.Length)
            Array.Resize(ref samples, (int)Math.Min(Array.MaxLength, Math.Max(required, 2L * samples.Length)));
        block.CopyTo(samples.AsSpan(Count));
        Count = (int)required;
    }

    /// <summary>The samples; the list must not be used afterwards.</summary>
    public float[] ToArray() => Count == samples.Length ? samples : samples[..Count];
}
