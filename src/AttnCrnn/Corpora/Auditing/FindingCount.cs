namespace AttnCrnn.Corpora.Auditing;

/// <summary>How many of the clips of a training have a finding.</summary>
/// <param name="Name">The name of the finding (docs/audit.md), which does not change.</param>
/// <param name="Clips">Number of clips.</param>
public sealed record FindingCount(string Name, int Clips)
{
    /// <summary>What differs and by how much, without names of folders; null: the name says it.</summary>
    public string? Detail { get; init; }
}
