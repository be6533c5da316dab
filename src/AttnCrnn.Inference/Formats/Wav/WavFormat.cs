using System.Globalization;

namespace AttnCrnn.Formats.Wav;

/// <summary>The format of the samples of a WAV file.</summary>
/// <param name="Encoding">Sample encoding; null: one that is not decoded here, such as ADPCM or MP3.</param>
/// <param name="Channels">Number of channels.</param>
/// <param name="SampleRateHz">Sample rate in Hz.</param>
/// <param name="IsBigEndian">Whether samples are big-endian.</param>
/// <param name="Coding">The encoding as the file declares it, for messages.</param>
internal sealed record WavFormat(
    SampleEncoding? Encoding,
    int Channels,
    int SampleRateHz,
    bool IsBigEndian,
    string Coding
)
{
    /// <summary>Maximum number of channels.</summary>
    public const int MaxChannels = 1024;

    private const int Pcm = 1;
    private const int Float = 3;
    private const int ALaw = 6;
    private const int MuLaw = 7;
    private const int Extensible = 0xFFFE;

    private static readonly Dictionary<int, string> CodingNames = new()
    {
        [0x02] = "Microsoft ADPCM",
        [0x11] = "IMA ADPCM",
        [0x31] = "GSM 6.10",
        [0x40] = "G.721 ADPCM",
        [0x50] = "MPEG audio",
        [0x55] = "MP3",
        [0xFF] = "AAC",
        [0x160] = "Windows Media Audio",
        [0x161] = "Windows Media Audio",
    };

    /// <summary>Bytes of one sample of all channels.</summary>
    public int BytesPerFrame => Channels * SampleDecoder.GetByteSize(Encoding!.Value);

    /// <summary>Reads the fmt chunk.</summary>
    /// <exception cref="InvalidFileException">Channels or sample rate are invalid.</exception>
    public static WavFormat Read(string path, WavChunks chunks)
    {
        var (offset, bytes) = chunks.Format;
        var tag = chunks.ReadFormatNumber(0);
        var channels = chunks.ReadFormatNumber(2);
        var rate = chunks.ReadNumber(bytes.AsSpan(4));
        var frameBytes = chunks.ReadFormatNumber(12);
        var bits = chunks.ReadFormatNumber(14);
        if (tag == Extensible && bytes.Length >= 40)
            tag = chunks.ReadFormatNumber(24);
        if (channels is 0 or > MaxChannels)
            throw new InvalidFileException(
                path,
                offset + 2,
                $"{channels} channels",
                $"1 to {MaxChannels}",
                "the file is damaged: download it again"
            );
        if (rate is < 100 or > 10_000_000)
            throw new InvalidFileException(
                path,
                offset + 4,
                $"a sample rate of {rate} Hz",
                "100 to 10000000 Hz",
                "the file is damaged: download it again"
            );
        var containerBits = GetContainerBits(tag, bits, frameBytes / channels);
        var encoding = FindEncoding(tag, containerBits);
        return new(encoding, channels, (int)rate, chunks.IsBigEndian, Describe(tag, bits));
    }

    // Samples of 12 or 20 bits are in the upper bits of 2 or 3 bytes (Multiple channel audio data and WAVE files,
    // Microsoft 2001), so that the lower bits, which are 0, do not matter.
    private static int GetContainerBits(int tag, int bits, int containerBytes)
    {
        if (tag != Pcm || bits is 0 or 8 or 16 or 24 or 32 or > 32)
            return bits;
        var neededBytes = (bits + 7) / 8;
        return 8 * (containerBytes >= neededBytes && containerBytes <= 4 ? containerBytes : neededBytes);
    }

    private static SampleEncoding? FindEncoding(int tag, int bits) =>
        (tag, bits) switch
        {
            (Pcm, 8) => SampleEncoding.Unsigned8,
            (Pcm, 16) => SampleEncoding.Signed16,
            (Pcm, 24) => SampleEncoding.Signed24,
            (Pcm, 32) => SampleEncoding.Signed32,
            (Float, 32) => SampleEncoding.Float32,
            (Float, 64) => SampleEncoding.Float64,
            (ALaw, 8) => SampleEncoding.ALaw,
            (MuLaw, 8) => SampleEncoding.MuLaw,
            _ => null,
        };

    private static string Describe(int tag, int bits) =>
        $"coding 0x{tag.ToString("X4", CultureInfo.InvariantCulture)} of {bits} bits"
        + (CodingNames.TryGetValue(tag, out var name) ? $" ({name})" : "");
}
