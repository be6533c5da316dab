using System.Runtime.InteropServices;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>Two recordings with nearly the same sound.</summary>
/// <param name="First">Index of the first.</param>
/// <param name="Second">Index of the second, which is higher.</param>
/// <param name="BitErrorRate">Fraction of the bits of their fingerprints that differ.</param>
internal readonly record struct NearDuplicate(int First, int Second, double BitErrorRate);

/// <summary>
/// Finds near duplicates without comparing all pairs: two fingerprints are compared only at offsets where 22
/// neighboring bits of a word are equal, which an index over these bits finds.
/// </summary>
internal static class NearDuplicates
{
    /// <summary>
    /// Maximum fraction of differing bits. Of the 719,400 pairs of RAVDESS' actors 1 to 20, the two takes of one
    /// sentence that are most alike differ in 0.26; docs/audit.md has the distribution.
    /// </summary>
    public const double MaxBitErrorRate = 0.20;

    // One second: half a second cut off, and as much silence that the cut brings below the threshold of sound.
    private const int MaxOffset = 32;

    // Parts of a word that are looked up: 22 bits, so that 100,000 clips of 2 s share each value among a few. A copy
    // with a tenth of its bits wrong has a tenth of these parts right.
    private const int PartBits = 22;
    private const int PartCount = 3;
    private const int PartStride = 5;

    // A part that more words share is too common to tell anything, as a common word is to a search.
    private const int MaxShared = 1000;

    private const int FrameBits = 10;
    private const int ClipBits = 64 - PartBits - FrameBits;

    /// <summary>Finds all pairs.</summary>
    /// <param name="fingerprints">[recordings]; null for one that has none.</param>
    /// <returns>Ordered by their indices.</returns>
    public static IReadOnlyList<NearDuplicate> Find(IReadOnlyList<RecordingFingerprint?> fingerprints)
    {
        var found = new Dictionary<(int, int), double>();
        for (var part = 0; part < PartCount; part++)
        {
            var postings = CreatePostings(fingerprints, part * PartStride);
            for (int start = 0, end; start < postings.Length; start = end)
            {
                for (end = start + 1; end < postings.Length && GetPart(postings[end]) == GetPart(postings[start]); )
                    end++;
                if (end - start <= MaxShared)
                    CompareAll(fingerprints, postings.AsSpan(start, end - start), found);
            }
        }
        return [.. found.Keys.Order().Select(pair => new NearDuplicate(pair.Item1, pair.Item2, found[pair]))];
    }

    /// <summary>The lowest bit error rate over all offsets; 1 if it is above a limit.</summary>
    public static double Compare(RecordingFingerprint first, RecordingFingerprint second, double limit)
    {
        var lowest = 1.0;
        for (var offset = -MaxOffset; offset <= MaxOffset; offset++)
            lowest = Math.Min(lowest, first.Compare(second, offset, Math.Min(limit, lowest)));
        return lowest;
    }

    // Part of the word, clip and frame in one number each, sorted: equal parts are neighbors.
    private static ulong[] CreatePostings(IReadOnlyList<RecordingFingerprint?> fingerprints, int shift)
    {
        var postings = new List<ulong>();
        for (var clip = 0; clip < fingerprints.Count; clip++)
        {
            if (fingerprints[clip] is not { } fingerprint)
                continue;
            for (var frame = 0; frame < fingerprint.Words.Length; frame++)
            {
                ulong part = (fingerprint.Words[frame] >> shift) & ((1u << PartBits) - 1);
                postings.Add((part << (64 - PartBits)) | ((ulong)clip << FrameBits) | (uint)frame);
            }
        }
        var sorted = postings.ToArray();
        Array.Sort(sorted);
        return sorted;
    }

    private static void CompareAll(
        IReadOnlyList<RecordingFingerprint?> fingerprints,
        ReadOnlySpan<ulong> postings,
        Dictionary<(int, int), double> found
    )
    {
        for (var i = 0; i < postings.Length; i++)
        {
            var first = GetClip(postings[i]);
            for (var j = i + 1; j < postings.Length; j++)
            {
                var second = GetClip(postings[j]);
                var offset = GetFrame(postings[j]) - GetFrame(postings[i]);
                if (first == second || Math.Abs(offset) > MaxOffset)
                    continue;
                // Few pairs are alike, so the dictionary is asked only for those.
                if (fingerprints[first]!.Compare(fingerprints[second]!, offset, MaxBitErrorRate) > MaxBitErrorRate)
                    continue;
                ref var rate = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    found,
                    (first, second),
                    out var isCompared
                );
                if (!isCompared)
                    rate = Compare(fingerprints[first]!, fingerprints[second]!, MaxBitErrorRate);
            }
        }
    }

    private static ulong GetPart(ulong posting) => posting >> (64 - PartBits);

    private static int GetClip(ulong posting) => (int)((posting >> FrameBits) & ((1ul << ClipBits) - 1));

    private static int GetFrame(ulong posting) => (int)(posting & ((1ul << FrameBits) - 1));
}
