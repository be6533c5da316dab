namespace AttnCrnn.Corpora;

/// <summary>A preset of classes.</summary>
public enum LabelPreset
{
    /// <summary>The six classes of the reference implementation: <see cref="LabelRules.Six"/>.</summary>
    Six,
}
