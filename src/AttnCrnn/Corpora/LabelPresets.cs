namespace AttnCrnn.Corpora;

/// <summary>Classes of the presets.</summary>
internal static class LabelPresets
{
    private static readonly Dictionary<string, string> Six = new(StringComparer.Ordinal)
    {
        ["angry"] = "angry",
        ["calm"] = "neutral",
        ["disgust"] = "disgust",
        ["fearful"] = "fearful",
        ["happy"] = "happy",
        ["neutral"] = "neutral",
        ["sad"] = "sad",
    };

    private static readonly Dictionary<string, string> Iemocap4 = new(StringComparer.Ordinal)
    {
        ["angry"] = "angry",
        ["excited"] = "happy",
        ["happy"] = "happy",
        ["neutral"] = "neutral",
        ["sad"] = "sad",
    };

    private static readonly Dictionary<string, string> Iemocap6 = new(StringComparer.Ordinal)
    {
        ["angry"] = "angry",
        ["excited"] = "excited",
        ["frustrated"] = "frustrated",
        ["happy"] = "happy",
        ["neutral"] = "neutral",
        ["sad"] = "sad",
    };

    /// <summary>Class of a label, or of a synonym of the vocabulary; null if the preset has none for it.</summary>
    public static string? Find(LabelPreset preset, string label) =>
        LabelVocabulary.Find(label) is { } word ? GetClasses(preset).GetValueOrDefault(word) : null;

    private static Dictionary<string, string> GetClasses(LabelPreset preset) =>
        preset switch
        {
            LabelPreset.Six => Six,
            LabelPreset.Iemocap4 => Iemocap4,
            LabelPreset.Iemocap6 => Iemocap6,
            _ => throw new ArgumentOutOfRangeException(nameof(preset), preset, "not a preset"),
        };
}
