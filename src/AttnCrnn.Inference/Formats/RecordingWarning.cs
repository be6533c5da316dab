namespace AttnCrnn.Formats;

/// <summary>Something about a recording, or a window of it, that makes its prediction doubtful.</summary>
/// <param name="Name">One of the names below, which do not change; programs compare it.</param>
/// <param name="Text">What was found, for people.</param>
public sealed record RecordingWarning(string Name, string Text)
{
    private readonly OptionText? optionText;

    /// <summary>A warning whose text names options.</summary>
    public RecordingWarning(string name, OptionText text)
        : this(name, text.ToString()) => optionText = text;

    /// <summary>The end is missing.</summary>
    public const string Truncated = "truncated";

    /// <summary>Samples were NaN or infinite and were replaced by 0.</summary>
    public const string NonFinite = "non_finite";

    /// <summary>There are more samples than the file declares.</summary>
    public const string LengthMismatch = "length_mismatch";

    /// <summary>The samples differ from their checksum.</summary>
    public const string ChecksumMismatch = "checksum_mismatch";

    /// <summary>Samples may be missing in the middle.</summary>
    public const string MissingSamples = "missing_samples";

    /// <summary>A WAV file has several chunks of samples, of which one is read.</summary>
    public const string SecondDataChunk = "second_data_chunk";

    /// <summary>A channel has no sound, so that the mean of all is fainter.</summary>
    public const string SilentChannel = "silent_channel";

    /// <summary>ffmpeg decoded the recording, with a warning.</summary>
    public const string Decoder = "decoder";

    /// <summary>The segment that is read ends after the recording.</summary>
    public const string SegmentEnd = "segment_end";

    /// <summary>There is no sound.</summary>
    public const string Silent = "silent";

    /// <summary>Samples are at full scale.</summary>
    public const string Clipped = "clipped";

    /// <summary>The recording is too short for an emotion to be heard in it.</summary>
    public const string TooShort = "too_short";

    /// <summary>The recording is much longer than the clips of emotion corpora.</summary>
    public const string VeryLong = "very_long";

    /// <summary>The mean of the samples is not 0.</summary>
    public const string DcOffset = "dc_offset";

    /// <summary>There is no energy far below half of the sample rate.</summary>
    public const string LowBandwidth = "low_bandwidth";

    /// <summary>There is no speech.</summary>
    public const string NoSpeech = "no_speech";

    /// <summary>The text, with the options that it names.</summary>
    public OptionText Message => optionText ?? Text;

    /// <summary>Whether name and text are equal.</summary>
    public bool Equals(RecordingWarning? other) => Name == other?.Name && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Text);

    /// <summary>The warning about samples that were NaN or infinite.</summary>
    internal static RecordingWarning CreateNonFinite(long count) =>
        new(
            NonFinite,
            count == 1
                ? "1 non-finite sample (NaN or infinite) was replaced by 0"
                : $"{count} non-finite samples (NaN or infinite) were replaced by 0"
        );

    /// <summary>The text, which is what messages contain.</summary>
    public override string ToString() => Text;
}
