namespace AttnCrnn.Corpora;

/// <summary>What happens to a clip that is listed with more than one label.</summary>
public enum LabelConflict
{
    /// <summary>The sources are refused, and the labels are named.</summary>
    Refuse,

    /// <summary>The label that is listed first holds.</summary>
    KeepFirst,
}
