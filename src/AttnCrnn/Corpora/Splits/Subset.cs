namespace AttnCrnn.Corpora.Splits;

/// <summary>Subset of a split.</summary>
public enum Subset
{
    /// <summary>Training set: fits the weights.</summary>
    Train,

    /// <summary>Validation set: selects the epoch and the temperature.</summary>
    Validation,

    /// <summary>Test set: evaluated once.</summary>
    Test,
}
