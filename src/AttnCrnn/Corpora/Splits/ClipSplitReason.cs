namespace AttnCrnn.Corpora.Splits;

/// <summary>Why clips were assigned to subsets, although speakers were expected.</summary>
public enum ClipSplitReason
{
    /// <summary>There are fewer speakers than subsets or folds.</summary>
    TooFewSpeakers,

    /// <summary>There are clips without a speaker.</summary>
    ClipsWithoutSpeaker,
}
