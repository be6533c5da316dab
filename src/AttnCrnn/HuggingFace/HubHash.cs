using System.Security.Cryptography;
using System.Text;

namespace AttnCrnn.HuggingFace;

/// <summary>The mark of a file is a hash of it: SHA-256 for a large file (Git LFS), otherwise the hash that git gives a blob.</summary>
internal static class HubHash
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;
    private const int BufferBytes = 1 << 20;

    /// <summary>Whether a file is the one that its mark names; true where the mark is no hash.</summary>
    public static bool Matches(string path, string etag, CancellationToken cancellation)
    {
        if (etag.Length is not (Sha1Digits or Sha256Digits) || !etag.All(char.IsAsciiHexDigit))
            return true;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using var hash = IncrementalHash.CreateHash(
            etag.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1
        );
        if (etag.Length == Sha1Digits)
            hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        var buffer = new byte[BufferBytes];
        while (stream.Read(buffer) is > 0 and var count)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
        }
        return etag.Equals(Convert.ToHexString(hash.GetHashAndReset()), StringComparison.OrdinalIgnoreCase);
    }
}
