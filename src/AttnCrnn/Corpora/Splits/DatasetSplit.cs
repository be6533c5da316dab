namespace AttnCrnn.Corpora.Splits;

/// <summary>A side for each clip, and how it came about.</summary>
/// <param name="Subsets">One a clip, in the clips' order; null: the clip takes no part (it has no label, or the manifest gives it no side).</param>
/// <param name="Method"><c>speaker</c>, <c>clips</c> (too few speakers are named), <c>random</c> (asked for) or <c>manifest</c>.</param>
/// <param name="Description">Sentences for reports: who made the split, clips and speakers a side, and what is amiss with it.</param>
/// <param name="SpeakersDisjoint">
/// True where every clip that takes part names its speaker, and no speaker is on two sides. Figures of any other split may flatter.
/// </param>
public sealed record DatasetSplit(
    IReadOnlyList<Subset?> Subsets,
    string Method,
    string Description,
    bool SpeakersDisjoint
)
{
    /// <summary>The clips of one side, by their index, ascending.</summary>
    public IReadOnlyList<int> IndicesOf(Subset subset) =>
        [.. Enumerable.Range(0, Subsets.Count).Where(clip => Subsets[clip] == subset)];
}
