namespace AttnCrnn.Corpora.Splits;

/// <summary>How clips were split.</summary>
public enum SplitKind
{
    /// <summary>Speakers were assigned to subsets.</summary>
    Speaker,

    /// <summary>Clips were assigned to subsets, because speakers could not be.</summary>
    Clip,

    /// <summary>Clips were assigned to subsets, as asked for.</summary>
    Random,

    /// <summary>The speakers of the test set, and perhaps of the validation set, were named.</summary>
    SpeakerList,

    /// <summary>The manifest assigns the clips.</summary>
    Manifest,
}
