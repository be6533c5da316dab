namespace AttnCrnn.Corpora;

/// <summary>A preset of classes.</summary>
public enum LabelPreset
{
    /// <summary>The six classes of the reference implementation: <see cref="LabelRules.Six"/>.</summary>
    Six,

    /// <summary>
    /// The four classes of publications on IEMOCAP: angry, happy with excited, neutral, sad; 5,531 of its clips.
    /// </summary>
    Iemocap4,

    /// <summary>
    /// The six classes of publications on IEMOCAP: angry, excited, frustrated, happy, neutral, sad; 7,380 of its clips.
    /// </summary>
    Iemocap6,
}
