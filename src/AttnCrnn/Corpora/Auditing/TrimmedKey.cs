using System.Numerics;
using System.Runtime.InteropServices;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// The key by which equal recordings are found. Nobody gains by two recordings with one key, so that a fast hash of 128
/// bits is enough.
/// </summary>
internal static class TrimmedKey
{
    private const float SilentLevel = 1e-4f; // 3 steps of 16 bits: dither, and what a lossy codec makes of silence
    private const int HexDigits = 32;

    // Odd, with about as many ones as zeros: multiplication with it spreads a bit over all higher ones, and the rotation
    // brings the high bits down.
    private const ulong Multiplier = 0x9E3779B97F4A7C15;
    private const int Rotation = 29;

    /// <summary>The key of the samples without leading and trailing silence; empty for silence.</summary>
    /// <param name="samples">[samples], full scale ±1.</param>
    public static string Compute(ReadOnlySpan<float> samples)
    {
        var first = samples.IndexOfAnyExceptInRange(-SilentLevel, SilentLevel);
        if (first < 0)
            return "";
        var last = samples.LastIndexOfAnyExceptInRange(-SilentLevel, SilentLevel);
        return ComputeHash(samples[first..(last + 1)]);
    }

    // Two chains of 64 bits, of every second pair of samples each; SHA-256 mixes their ends.
    private static string ComputeHash(ReadOnlySpan<float> samples)
    {
        var pairs = MemoryMarshal.Cast<float, ulong>(samples);
        ulong even = 0;
        ulong odd = 0;
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            even = BitOperations.RotateLeft((even ^ pairs[i]) * Multiplier, Rotation);
            odd = BitOperations.RotateLeft((odd ^ pairs[i + 1]) * Multiplier, Rotation);
        }
        var remaining = samples[(pairs.Length / 2 * 4)..]; // at most three
        var hash = new Sha256();
        hash.Append(MemoryMarshal.AsBytes<ulong>([even, odd, (ulong)samples.Length]));
        hash.Append(remaining);
        return hash.Finish()[..HexDigits];
    }
}
