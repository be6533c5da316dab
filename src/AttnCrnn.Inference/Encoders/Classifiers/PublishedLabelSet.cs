using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Classifiers;

/// <summary>The outputs of a head that are used, with their labels as published.</summary>
/// <param name="Outputs">Indices of the head's outputs, at least one.</param>
/// <param name="Labels">The label of each.</param>
internal sealed record PublishedLabelSet(IReadOnlyList<int> Outputs, IReadOnlyList<string> Labels)
{
    /// <summary>Checks the labels of a configuration, and numbers the outputs if it has none.</summary>
    /// <param name="count">Number of outputs of the head.</param>
    /// <param name="notice">Receives a warning if there are no labels.</param>
    /// <exception cref="InvalidInputException">The labels are invalid, or do not fit the head.</exception>
    public static PublishedLabelSet Create(ClassifierSettings settings, int count, Action<string>? notice)
    {
        var labels = settings.Labels ?? CreateNumbers(settings.File, count, notice);
        if (labels.Count != count)
            throw new InvalidInputException(
                settings.File,
                $"{labels.Count} labels for a head with {count} outputs; download the checkpoint again, or correct the "
                    + "labels"
            );
        RequireDistinctText(settings.File, labels);
        int[] outputs = [.. Enumerable.Range(0, count).Where(i => !IsUnused(settings, labels[i]))];
        if (outputs.Length == 0)
            throw new InvalidInputException(
                settings.File,
                $"all {count} labels begin with {settings.UnusedLabelPrefix}, so that no output is used; download the "
                    + "checkpoint again, or correct the labels"
            );
        if (outputs.Length == 1 && settings.Output == ClassifierOutput.Probabilities)
            throw new InvalidInputException(
                settings.File,
                "a single output, of which softmax is always 1; if it is a value, set problem_type to \"regression\" "
                    + "in config.json, otherwise use another checkpoint"
            );
        return new(outputs, [.. outputs.Select(i => labels[i])]);
    }

    private static bool IsUnused(ClassifierSettings settings, string label) =>
        settings.UnusedLabelPrefix is { } prefix && label.StartsWith(prefix, StringComparison.Ordinal);

    private static string[] CreateNumbers(string file, int count, Action<string>? notice)
    {
        notice?.Invoke($"{file} has no labels: the {count} outputs are named LABEL_0 to LABEL_{count - 1}");
        return [.. Enumerable.Range(0, count).Select(i => $"LABEL_{i}")];
    }

    private static void RequireDistinctText(string file, IReadOnlyList<string> labels)
    {
        if (labels.FirstOrDefault(label => !InputFile.IsPrintable(label)) is { } invalid)
            throw new InvalidInputException(
                file,
                $"the label {InputFile.Quote(invalid)} is blank, or has characters that cannot be displayed; correct "
                    + "the labels of the checkpoint"
            );
        if (labels.Distinct(StringComparer.Ordinal).Count() != labels.Count)
            throw new InvalidInputException(
                file,
                "two outputs have the same label; correct the labels of the checkpoint"
            );
    }
}
