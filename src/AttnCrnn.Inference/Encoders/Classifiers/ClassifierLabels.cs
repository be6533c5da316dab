namespace AttnCrnn.Encoders.Classifiers;

/// <summary>
/// The labels of a published classifier as other models and corpora call them: the English half of a bilingual pair,
/// and the emotions that abbreviations stand for (docs/classifiers.md).
/// </summary>
internal static class ClassifierLabels
{
    /// <summary>Abbreviations of IEMOCAP and of SUPERB, which took them from it, and of emotion2vec+.</summary>
    public static IReadOnlyDictionary<string, string> Abbreviations { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["ang"] = "angry",
            ["cal"] = "calm",
            ["dis"] = "disgust",
            ["exc"] = "excited",
            ["fea"] = "fearful",
            ["fru"] = "frustrated",
            ["hap"] = "happy",
            ["neu"] = "neutral",
            ["oth"] = "other",
            ["sad"] = "sad",
            ["sur"] = "surprised",
            ["<unk>"] = "unknown",
        };

    /// <summary>The labels to show; those that would become equal remain as published.</summary>
    /// <param name="published">[classes].</param>
    public static IReadOnlyList<string> Simplify(IReadOnlyList<string> published)
    {
        string[] labels = [.. published.Select(Simplify)];
        var counts = labels.CountBy(label => label).ToDictionary();
        return [.. labels.Select((label, i) => counts[label] == 1 ? label : published[i])];
    }

    private static string Simplify(string label)
    {
        // 生气/angry: one side without Latin letters.
        if (label.Split('/') is [var first, var second] && IsEnglish(first) != IsEnglish(second))
            label = (IsEnglish(first) ? first : second).Trim();
        return Abbreviations.GetValueOrDefault(label, label);
    }

    private static bool IsEnglish(string text) => text.Any(char.IsAsciiLetter) && text.All(char.IsAscii);
}
