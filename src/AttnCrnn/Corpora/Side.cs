namespace AttnCrnn.Corpora;

/// <summary>What a clip is for: weights are fitted on Train, the epoch and the temperature chosen on Validation, Test is judged once.</summary>
public enum Side
{
    Train,
    Validation,
    Test,
}
