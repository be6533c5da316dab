namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// The numbers of folders that recordings are in, and the recordings that decide what the levels are: a stray recording
/// beside the folders of hundreds must not make labels of subsets, or speakers of labels.
/// </summary>
/// <param name="First">The first folder of each recording.</param>
/// <param name="Deciding">Indices of the recordings whose folders are the levels, in order.</param>
internal sealed record FolderDepths(FolderLevel First, IReadOnlyList<int> Deciding)
{
    private const double MinMajority = 0.8;

    /// <summary>Whether many recordings are in no folder of their subset, and many others are in one.</summary>
    public bool HasUndivided { get; private init; }

    /// <summary>Whether the first folders are subsets.</summary>
    public bool HasSubsets => First.IsSplit;

    /// <summary>The depths of recordings.</summary>
    /// <param name="folders">[recordings], the folders of each, at least one.</param>
    public static FolderDepths Find(IReadOnlyList<string[]> folders)
    {
        var all = Enumerable.Range(0, folders.Count).ToList();
        var first = new FolderLevel("level 1", [.. folders.Select(names => names[0])]);
        var inSubsets = all.Where(i => !first.IsSplit || SubsetNames.Find(folders[i][0]) is not null).ToList();
        var majority = inSubsets.GroupBy(i => folders[i].Length).MaxBy(group => group.Count())!;
        if (majority.Count() >= MinMajority * inSubsets.Count)
            return new(first, [.. majority]);
        var divided = inSubsets.Where(i => !first.IsSplit || folders[i].Length > 1).ToList();
        return new(first, divided) { HasUndivided = divided.Count < inSubsets.Count };
    }

    /// <summary>
    /// Names of the levels that a recording at another depth has, counted from the source or else from the recording,
    /// so that it has a name of the level that must be known.
    /// </summary>
    /// <param name="folders">Its folders.</param>
    /// <param name="levels">Number of levels.</param>
    /// <param name="anchor">Index of the level that must be known.</param>
    /// <param name="isKnown">Whether a name is one of this level.</param>
    /// <returns>[levels], null where the recording has none; null: it does not have the level.</returns>
    public string?[]? Align(string[] folders, int levels, int anchor, Func<string, bool> isKnown)
    {
        var first = HasSubsets ? 1 : 0;
        return new[] { 0, folders.Length - levels }
            .Select(shift =>
                Enumerable
                    .Range(0, levels)
                    .Select(i =>
                        i < first ? folders[i]
                        : i + shift >= first && i + shift < folders.Length ? folders[i + shift]
                        : null
                    )
                    .ToArray()
            )
            .FirstOrDefault(names => names[anchor] is { } name && isKnown(name));
    }
}
