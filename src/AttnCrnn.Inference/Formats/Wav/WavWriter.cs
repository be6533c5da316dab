using System.Buffers.Binary;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Wav;

/// <summary>Writes 16-bit PCM mono WAV files.</summary>
public static class WavWriter
{
    /// <summary>Writes a recording atomically.</summary>
    /// <param name="samples">[samples], full scale ±1; values outside are clipped.</param>
    public static void Write(string path, ReadOnlySpan<float> samples, int sampleRateHz) =>
        AtomicFile.WriteBytes(path, CreateBytes(samples, sampleRateHz));

    /// <summary>The content of a file.</summary>
    internal static byte[] CreateBytes(ReadOnlySpan<float> samples, int sampleRateHz)
    {
        var bytes = new byte[44 + (2 * samples.Length)];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), 1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), sampleRateHz);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * sampleRateHz);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 2 * samples.Length);
        for (var i = 0; i < samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(
                bytes.AsSpan(44 + (2 * i)),
                (short)Math.Clamp(Math.Round(samples[i] * 32768.0), -32768, 32767)
            );
        return bytes;
    }
}
