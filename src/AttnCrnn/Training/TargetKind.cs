namespace AttnCrnn.Training;

/// <summary>What a training clip's target is.</summary>
public enum TargetKind
{
    /// <summary>Its label alone.</summary>
    Hard,

    /// <summary>The distribution of its raters' votes over the classes; its label, if it has no votes.</summary>
    Soft,
}
