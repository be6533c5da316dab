using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about the labels of clips that a user gave, and the classes of the model.</summary>
public static class LabelMapText
{
    /// <summary>
    /// Labels under another name, labels that are left out, and classes that only the model has; null for the test set
    /// of a run, whose classes are those of the model.
    /// </summary>
    public static string? Describe(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Protocol.LabelMap is { } map ? Describe(map) : null;
    }

    internal static string Describe(LabelMap map)
    {
        List<string> sentences = [];
        if (map.Renamed.Count > 0)
            sentences.Add(
                $"Labels with another class: {Join(map.Renamed, label => $"{label.Label} as {label.Class}")}."
            );
        sentences.Add(
            map.LeftOut.Count > 0
                ? $"Labels that only the clips have, left out: {Join(map.LeftOut, label => label.Label)}."
                : "No label of the clips is left out."
        );
        sentences.Add(
            map.OnlyInModel.Count > 0
                ? $"Classes that only the model has: {string.Join(", ", map.OnlyInModel)}; clips that are predicted as "
                    + "one of them count as errors."
                : "The clips have all classes of the model."
        );
        return string.Join(' ', sentences);
    }

    private static string Join(IEnumerable<MappedLabel> labels, Func<MappedLabel, string> format) =>
        string.Join(", ", labels.Select(label => $"{format(label)} ({label.Clips})"));
}
