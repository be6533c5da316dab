namespace AttnCrnn.Corpora.Splits;

/// <summary>Assignment of clips to subsets.</summary>
/// <param name="Subsets">
/// [clips]; null if the clip is excluded (it has no label, or the manifest assigns no subset).
/// </param>
/// <param name="Method">
/// <c>speaker</c>, <c>clips</c> (too few known speakers), <c>random</c> (on request) or <c>manifest</c>.
/// </param>
/// <param name="Description">Sentences for reports: the method, speaker leakage, clips and speakers per subset.</param>
/// <param name="SpeakersDisjoint">
/// Whether every clip of the split has a speaker and no speaker is in two subsets. Otherwise metrics may
/// overestimate performance on unseen speakers (speaker leakage).
/// </param>
public sealed record DatasetSplit(
    IReadOnlyList<Subset?> Subsets,
    string Method,
    string Description,
    bool SpeakersDisjoint
)
{
    /// <summary>Indices of the clips of a subset, ascending.</summary>
    public IReadOnlyList<int> GetIndices(Subset subset) =>
        [.. Enumerable.Range(0, Subsets.Count).Where(clip => Subsets[clip] == subset)];
}
