using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace AttnCrnn.IO;

/// <summary>
/// SHA-256 in lowercase hexadecimal digits, of one value or of several that are appended. AttnCrnn.Deployment compiles
/// this file as well.
/// </summary>
internal sealed class Sha256 : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public static string Compute(string text) => Compute(Encoding.UTF8.GetBytes(text));

    public static string Compute(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Of the bytes in memory: little-endian on all supported machines.</summary>
    public static string Compute(ReadOnlySpan<float> values) => Compute(MemoryMarshal.AsBytes(values));

    public static string ComputeFile(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    public void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));

    public void Append(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    public void Append(ReadOnlySpan<float> values) => hash.AppendData(MemoryMarshal.AsBytes(values));

    public void AppendFile(string path)
    {
        using var stream = File.OpenRead(path);
        var buffer = new byte[1 << 20];
        for (int count; (count = stream.Read(buffer)) > 0; )
            hash.AppendData(buffer.AsSpan(0, count));
    }

    /// <summary>The hash of everything appended; ends the computation.</summary>
    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
