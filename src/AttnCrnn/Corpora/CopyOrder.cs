namespace AttnCrnn.Corpora;

/// <summary>
/// Which of the files of one clip is read: .wav before other types, then the shorter path, then the first in ordinal
/// order.
/// </summary>
internal sealed class CopyOrder : IComparer<string>
{
    private CopyOrder() { }

    /// <summary>The order of paths.</summary>
    public static CopyOrder Paths { get; } = new();

    /// <inheritdoc/>
    public int Compare(string? x, string? y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        var byType = IsWav(y).CompareTo(IsWav(x));
        var byLength = byType != 0 ? byType : x.Length.CompareTo(y.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(x, y);
    }

    private static bool IsWav(string path) => path.EndsWith(".wav", StringComparison.OrdinalIgnoreCase);
}
