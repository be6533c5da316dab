namespace AttnCrnn.Encoders.Classifiers;

/// <summary>What the outputs of a classifier are.</summary>
public enum ClassifierOutput
{
    /// <summary>Probabilities of classes that exclude each other: their sum is 1.</summary>
    Probabilities,

    /// <summary>Probabilities of classes of which several can hold at once.</summary>
    IndependentProbabilities,

    /// <summary>Values without a fixed range, such as arousal, dominance and valence of about 0 to 1.</summary>
    Values,
}
