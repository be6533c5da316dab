using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// The key by which equal recordings are found. Nobody gains by two recordings with one key, so that XxHash128 does,
/// which takes a fraction of the time of SHA-256.
/// </summary>
internal static class TrimmedKey
{
    private const float SilentLevel = 1e-4f; // 3 steps of 16 bits: dither, and what a lossy codec makes of silence

    /// <summary>The key of the samples without leading and trailing silence; empty for silence.</summary>
    /// <param name="samples">[samples], full scale ±1.</param>
    /// <returns>32 hexadecimal digits.</returns>
    public static string Compute(ReadOnlySpan<float> samples)
    {
        var first = samples.IndexOfAnyExceptInRange(-SilentLevel, SilentLevel);
        if (first < 0)
            return "";
        var last = samples.LastIndexOfAnyExceptInRange(-SilentLevel, SilentLevel);
        return Convert.ToHexStringLower(XxHash128.Hash(MemoryMarshal.AsBytes(samples[first..(last + 1)])));
    }
}
