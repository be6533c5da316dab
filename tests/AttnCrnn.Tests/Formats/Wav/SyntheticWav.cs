using System.Buffers.Binary;
using System.Text;

namespace AttnCrnn.Tests.Formats.Wav;

/// <summary>Writes WAV files of any kind, byte by byte.</summary>
internal sealed class SyntheticWav
{
    private readonly List<byte> chunks = [];

    /// <summary>Whether numbers are big-endian.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>A recording of float32 samples.</summary>
    /// <param name="channels">[channels][samples], full scale ±1.</param>
    public static byte[] FromChannels(float[][] channels, int rateHz)
    {
        const int float32 = 3;
        byte[] data =
        [
            .. Enumerable
                .Range(0, channels[0].Length)
                .SelectMany(i => channels.SelectMany(channel => BitConverter.GetBytes(channel[i]))),
        ];
        return new SyntheticWav()
            .AddFormat(float32, channels.Length, rateHz, 32, sizeof(float) * channels.Length)
            .AddChunk("data", data)
            .ToArray();
    }

    /// <summary>A fmt chunk of 16 bytes.</summary>
    public SyntheticWav AddFormat(int tag, int channels, int rateHz, int bits, int frameBytes) =>
        AddChunk("fmt ", CreateFormat(tag, channels, rateHz, bits, frameBytes));

    /// <summary>A fmt chunk of WAVE_FORMAT_EXTENSIBLE.</summary>
    public SyntheticWav AddExtensible(int channels, int rateHz, int containerBits, int validBits)
    {
        byte[] extension = [.. Number(22, 2), .. Number(validBits, 2), .. Number(0, 4), .. Number(1, 2)];
        var format = CreateFormat(0xFFFE, channels, rateHz, containerBits, channels * containerBits / 8);
        return AddChunk(
            "fmt ",
            [.. format, .. extension, .. "\0\0\0\0\u0010\0\u0080\0\0\u00AA\0\u0038\u009B\u0071"u8[..14]]
        );
    }

    public SyntheticWav AddChunk(string name, ReadOnlySpan<byte> content, bool isPadded = true)
    {
        chunks.AddRange(Encoding.ASCII.GetBytes(name));
        chunks.AddRange(Number(content.Length, 4));
        chunks.AddRange(content);
        if (isPadded && content.Length % 2 == 1)
            chunks.Add(0);
        return this;
    }

    public byte[] ToArray() =>
        [.. IsBigEndian ? "RIFX"u8 : "RIFF"u8, .. Number(chunks.Count + 4, 4), .. "WAVE"u8, .. chunks];

    private byte[] CreateFormat(int tag, int channels, int rateHz, int bits, int frameBytes) =>
        [
            .. Number(tag, 2),
            .. Number(channels, 2),
            .. Number(rateHz, 4),
            .. Number(rateHz * frameBytes, 4),
            .. Number(frameBytes, 2),
            .. Number(bits, 2),
        ];

    private byte[] Number(int value, int size)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        var number = bytes[..size];
        if (IsBigEndian)
            Array.Reverse(number);
        return number;
    }
}
