using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about classes without clips in reports and on the console.</summary>
public static class ClassCoverageText
{
    /// <summary>
    /// The classes over which UAR is a mean, in the folds too, and those that have no training, validation or evaluated
    /// clips; null if every class has all.
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
        if (DescribeFolds(result) is { } folds)
            sentences.Add(folds);
        var inFold = result.Folds.Count > 0 ? " in at least one fold" : "";
        if (result.Protocol.ClassesWithoutTrainingClips is { Count: > 0 } untrained)
            sentences.Add(
                $"No training clips of {string.Join(", ", untrained)}{inFold}: the model cannot learn a class without "
                    + "clips."
            );
        if (result.Protocol.ClassesWithoutValidationClips is { Count: > 0 } unvalidated)
            sentences.Add(
                $"No validation clips of {string.Join(", ", unvalidated)}{inFold}: the best epoch was selected without "
                    + "such a class."
            );
        return sentences.Count == 0 ? null : string.Join(' ', sentences);
    }

    /// <summary>
    /// Whether the UAR of all folds is the mean recall over the same classes, so that their mean can be compared.
    /// </summary>
    public static bool HaveEqualClasses(IReadOnlyList<FoldMetrics> folds) =>
        folds.Select(fold => string.Join('\n', fold.Metrics.ClassesWithClips)).Distinct().Take(2).Count() < 2;

    private static string? DescribeFolds(EvaluationResult result)
    {
        if (HaveEqualClasses(result.Folds))
            return null;
        var fewer = result
            .Folds.Where(fold => fold.Metrics.ClassesWithoutClips.Count > result.Metrics.ClassesWithoutClips.Count)
            .Select(fold => $"fold {fold.Fold} {string.Join(", ", fold.Metrics.ClassesWithoutClips)}")
            .ToList();
        return $"{fewer.Count} of {result.Folds.Count} folds have no test clips of some class "
            + $"({string.Join("; ", fewer)}): their UAR is the mean recall over fewer than {result.Labels.Count} "
            + "classes, so that the mean over the folds is not comparable with the UAR of all clips.";
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
