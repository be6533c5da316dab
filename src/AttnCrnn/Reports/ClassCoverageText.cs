using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about classes without clips in reports and on the console.</summary>
public static class ClassCoverageText
{
    /// <summary>
    /// The classes over which UAR is a mean, and those that have no training or evaluated clips; null if every class
    /// has both.
    /// </summary>
    public static string? Describe(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var metrics = result.Metrics;
        List<string> sentences = [];
        if (metrics.ClassesWithoutClips.Count > 0)
            sentences.Add(
                $"UAR is the mean recall over {CountClasses(result)} ({string.Join(", ", metrics.ClassesWithClips)}): "
                    + $"no evaluated clip is of {string.Join(", ", metrics.ClassesWithoutClips)}. Macro F1 and macro "
                    + $"precision are means over all {metrics.Labels.Count} classes."
            );
        if (result.Protocol.ClassesWithoutTrainingClips is { Count: > 0 } untrained)
            sentences.Add(
                $"No training clips of {string.Join(", ", untrained)}"
                    + $"{(result.Folds.Count > 0 ? " in at least one fold" : "")}: the model cannot learn a class "
                    + "without clips."
            );
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    /// <summary>Over how many classes UAR is a mean: <c>2 classes</c>, or <c>1 of 2 classes</c>.</summary>
    public static string CountClasses(EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var classes = result.Labels.Count;
        var evaluated = result.Metrics.ClassesWithClips.Count;
        return evaluated == classes ? $"{classes} classes" : $"{evaluated} of {classes} classes";
    }
}
