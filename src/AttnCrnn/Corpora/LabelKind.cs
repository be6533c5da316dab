namespace AttnCrnn.Corpora;

/// <summary>Which label holds in a corpus with both the emotion that was acted and the one that raters heard.</summary>
public enum LabelKind
{
    /// <summary>The one that publications on the corpus use: intended for CREMA-D, perceived for MSP-IMPROV.</summary>
    Default,

    /// <summary>The emotion that the speaker was asked to act.</summary>
    Intended,

    /// <summary>The emotion that most raters perceived.</summary>
    Perceived,
}
