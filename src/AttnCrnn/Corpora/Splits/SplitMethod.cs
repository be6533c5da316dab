namespace AttnCrnn.Corpora.Splits;

/// <summary>How clips are asked to be split.</summary>
public enum SplitMethod
{
    /// <summary>
    /// By the manifest if it gives any labeled clip a subset; by speaker if at least three are named; otherwise by
    /// clip.
    /// </summary>
    Default,

    /// <summary>By speaker; refused if the named speakers do not suffice.</summary>
    Speaker,

    /// <summary>By clip, regardless of speakers, which overestimates performance (speaker leakage).</summary>
    Random,

    /// <summary>
    /// By the subsets of the manifest; clips without one are left out. Refused if no labeled clip has a subset.
    /// </summary>
    Manifest,
}
