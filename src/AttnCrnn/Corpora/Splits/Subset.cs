namespace AttnCrnn.Corpora.Splits;

/// <summary>What a clip is for: weights are fitted on Train, the epoch and the temperature chosen on Validation, Test is judged once.</summary>
public enum Subset
{
    /// <summary>Learns.</summary>
    Train,

    /// <summary>Chooses the epoch and the temperature.</summary>
    Validation,

    /// <summary>Is judged once.</summary>
    Test,
}
