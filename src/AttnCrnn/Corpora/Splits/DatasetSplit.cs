namespace AttnCrnn.Corpora.Splits;

/// <summary>Assignment of clips to subsets.</summary>
/// <param name="Subsets">
/// [clips]; null if the clip is excluded (it has no label, or the manifest assigns no subset).
/// </param>
/// <param name="Facts">How the clips were split, sizes, and speakers in more than one subset.</param>
public sealed record DatasetSplit(IReadOnlyList<Subset?> Subsets, SplitFacts Facts)
{
    /// <summary>
    /// Whether every clip of the split has a speaker and no speaker is in two subsets. Otherwise metrics may
    /// overestimate performance on unseen speakers (speaker leakage).
    /// </summary>
    public bool SpeakersDisjoint => Facts.SpeakersDisjoint;

    /// <summary>Indices of the clips of a subset, ascending.</summary>
    public IReadOnlyList<int> GetIndices(Subset subset) =>
        [.. Enumerable.Range(0, Subsets.Count).Where(clip => Subsets[clip] == subset)];
}
