using System.Runtime.InteropServices;
using System.Text;
using AttnCrnn.Numerics.Hashing;

namespace AttnCrnn.IO;

/// <summary>
/// SHA-256 in lowercase hexadecimal digits, of one value or of several that are appended. AttnCrnn.Deployment compiles
/// this file as well.
/// </summary>
internal sealed class Sha256
{
    private const int BufferBytes = 1 << 17;

    private readonly Sha256Hash hash = new();

    public static string Compute(string text) => Compute(Encoding.UTF8.GetBytes(text));

    public static string Compute(ReadOnlySpan<byte> bytes)
    {
        var hash = new Sha256();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>Of the bytes in memory: little-endian on all supported machines.</summary>
    public static string Compute(ReadOnlySpan<float> values) => Compute(MemoryMarshal.AsBytes(values));

    public static string ComputeFile(string path)
    {
        var hash = new Sha256();
        hash.AppendFile(path);
        return hash.Finish();
    }

    public void Append(string text) => hash.Append(Encoding.UTF8.GetBytes(text));

    public void Append(ReadOnlySpan<byte> bytes) => hash.Append(bytes);

    public void Append(ReadOnlySpan<float> values) => hash.Append(MemoryMarshal.AsBytes(values));

    public void AppendFile(string path)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[BufferBytes];
        for (int count; (count = stream.Read(buffer)) > 0; )
            hash.Append(buffer.AsSpan(0, count));
    }

    /// <summary>The hash of everything appended; ends the computation.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.Finish());
}
