using System.Text;
using AttnCrnn.Numerics.Hashing;

namespace AttnCrnn.HuggingFace.Cache;

/// <summary>Verifies ETags: SHA-256 for large files (Git LFS), otherwise the git blob hash.</summary>
internal static class HubHash
{
    private const int Sha1Digits = 40;
    private const int Sha256Digits = 64;
    private const int BufferBytes = 1 << 20;

    /// <summary>Whether a file matches its ETag; true if the ETag is not a hash.</summary>
    public static bool Matches(string path, string etag, CancellationToken cancellation)
    {
        if (etag.Length is not (Sha1Digits or Sha256Digits) || !etag.All(char.IsAsciiHexDigit))
            return true;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        BlockHash hash = etag.Length == Sha256Digits ? new Sha256Hash() : new Sha1Hash();
        if (etag.Length == Sha1Digits)
            hash.Append(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        var buffer = new byte[BufferBytes];
        while (stream.Read(buffer) is > 0 and var count)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.Append(buffer.AsSpan(0, count));
        }
        return etag.Equals(Convert.ToHexString(hash.Finish()), StringComparison.OrdinalIgnoreCase);
    }
}
