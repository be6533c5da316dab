namespace AttnCrnn.Formats.Containers;

/// <summary>The header of a frame of MPEG audio (layers I to III) or of AAC in ADTS.</summary>
/// <param name="Bytes">Length of the frame with its header.</param>
/// <param name="StreamBits">Bits of the header that are the same in all frames of a stream.</param>
/// <param name="LengthOffset">Where the first frame of an MP3 may have the length of the recording; null: not MP3.
/// </param>
internal readonly record struct MpegFrame(int Bytes, uint StreamBits, int? LengthOffset)
{
    public const int HeaderBytes = 4;

    private const int AdtsHeaderBytes = 7;

    private static readonly int[][] Bitrates =
    [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448], // MPEG-1, layer I
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384], // layer II
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], // layer III
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256], // MPEG-2 and 2.5, layer I
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160], // layers II and III
    ];

    private static readonly int[] Rates = [44_100, 48_000, 32_000];

    private int SamplesPerFrame { get; init; }

    private int SampleRateHz { get; init; }

    /// <summary>Duration of frames, less dropped samples.</summary>
    public double GetSeconds(long frames, long droppedSamples) =>
        Math.Max(0, (frames * SamplesPerFrame) - droppedSamples) / (double)SampleRateHz;

    /// <summary>Whether both are frames of one stream; the bitrate may change.</summary>
    public bool IsOfStream(MpegFrame other) => StreamBits == other.StreamBits;

    /// <summary>Parses a header; null: it is none.</summary>
    public static MpegFrame? Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != 0xFF || (bytes[1] & 0xE0) != 0xE0)
            return null;
        return (bytes[1] & 0x06) == 0 ? ParseAdts(bytes) : ParseMpeg(bytes);
    }

    private static MpegFrame? ParseAdts(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < AdtsHeaderBytes || (bytes[1] & 0xF6) != 0xF0)
            return null;
        var length = ((bytes[3] & 3) << 11) | (bytes[4] << 3) | (bytes[5] >> 5);
        var stream = (uint)((bytes[1] << 16) | (bytes[2] << 8) | (bytes[3] & 0xC0));
        return length > AdtsHeaderBytes ? new(length, stream, null) : null;
    }

    private static MpegFrame? ParseMpeg(ReadOnlySpan<byte> bytes)
    {
        var version = (bytes[1] >> 3) & 3; // 3: MPEG-1, 2: MPEG-2, 0: MPEG-2.5
        var layer = 4 - ((bytes[1] >> 1) & 3);
        var bitrateIndex = bytes[2] >> 4;
        var rateIndex = (bytes[2] >> 2) & 3;
        if (version == 1 || bitrateIndex is 0 or 15 || rateIndex == 3)
            return null;
        var isFirst = version == 3;
        var rate =
            Rates[rateIndex]
            >> (
                isFirst ? 0
                : version == 2 ? 1
                : 2
            );
        var bitrate =
            1000
            * Bitrates[
                isFirst ? layer - 1
                : layer == 1 ? 3
                : 4
            ][bitrateIndex];
        var samples =
            layer == 1 ? 384
            : layer == 3 && !isFirst ? 576
            : 1152;
        var padding = (bytes[2] >> 1) & 1;
        var length = layer == 1 ? ((12 * bitrate / rate) + padding) * 4 : (samples / 8 * bitrate / rate) + padding;
        var isMono = bytes[3] >> 6 == 3;
        // Layer III: the length is where the side information is in other frames.
        var informationBytes = isFirst
            ? isMono
                ? 17
                : 32
            : isMono
                ? 9
                : 17;
        var stream = (uint)((bytes[1] << 16) | (bytes[2] & 0x0C));
        return new(length, stream, layer == 3 ? HeaderBytes + informationBytes : null)
        {
            SamplesPerFrame = samples,
            SampleRateHz = rate,
        };
    }
}
