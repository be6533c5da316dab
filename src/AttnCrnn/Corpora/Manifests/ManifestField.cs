namespace AttnCrnn.Corpora.Manifests;

/// <summary>What a column of a manifest has.</summary>
internal enum ManifestField
{
    Recording,
    Label,
    Speaker,
    Sex,
    Session,
    Split,
    Start,
    End,
    Duration,
    Channel,

    /// <summary>Votes of raters, as <see cref="LabelVotes.ToString"/> writes them.</summary>
    Votes,
}
