using System.Buffers.Binary;

namespace AttnCrnn.Formats.Wav;

/// <summary>Sample encoding of a WAV file.</summary>
internal enum SampleEncoding
{
    Unsigned8,
    Signed16,
    Signed24,
    Signed32,
    Float32,
    Float64,
    ALaw,
    MuLaw,
}

/// <summary>Converts samples to float32, full scale ±1, scaled like libsndfile.</summary>
internal static class SampleDecoder
{
    private static readonly float[] ALawTable = [.. Enumerable.Range(0, 256).Select(code => ALaw((byte)code))];
    private static readonly float[] MuLawTable = [.. Enumerable.Range(0, 256).Select(code => MuLaw((byte)code))];

    public static int GetByteSize(SampleEncoding encoding) =>
        encoding switch
        {
            SampleEncoding.Unsigned8 or SampleEncoding.ALaw or SampleEncoding.MuLaw => 1,
            SampleEncoding.Signed16 => 2,
            SampleEncoding.Signed24 => 3,
            SampleEncoding.Signed32 or SampleEncoding.Float32 => 4,
            _ => 8,
        };

    public static void Decode(SampleEncoding encoding, ReadOnlySpan<byte> source, Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = encoding switch
            {
                SampleEncoding.Unsigned8 => (source[i] - 128) / 128f,
                SampleEncoding.Signed16 => BinaryPrimitives.ReadInt16LittleEndian(source[(2 * i)..]) / 32768f,
                SampleEncoding.Signed24 => (
                    (source[3 * i] << 8) | (source[(3 * i) + 1] << 16) | (source[(3 * i) + 2] << 24)
                ) / 2147483648f,
                SampleEncoding.Signed32 => BinaryPrimitives.ReadInt32LittleEndian(source[(4 * i)..]) / 2147483648f,
                SampleEncoding.Float32 => BinaryPrimitives.ReadSingleLittleEndian(source[(4 * i)..]),
                SampleEncoding.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(source[(8 * i)..]),
                SampleEncoding.ALaw => ALawTable[source[i]],
                _ => MuLawTable[source[i]],
            };
        }
    }

    // ITU-T G.711.
    private static float ALaw(byte code)
    {
        var bits = code ^ 0x55;
        var exponent = (bits >> 4) & 7;
        var mantissa = bits & 15;
        var magnitude = exponent == 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
        return ((bits & 0x80) != 0 ? magnitude : -magnitude) / 32768f;
    }

    private static float MuLaw(byte code)
    {
        var bits = ~code & 0xFF;
        var magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
        return ((bits & 0x80) != 0 ? -magnitude : magnitude) / 32768f;
    }
}
