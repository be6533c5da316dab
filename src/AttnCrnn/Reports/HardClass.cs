using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>A class of low recall: what it is confused with, and its most confident errors.</summary>
/// <param name="Index">Index of the class in the labels.</param>
/// <param name="Confusions">
/// Predicted classes and their clips, the most frequent first; the class itself is not one.
/// </param>
/// <param name="Errors">Clips of the class that are predicted as another, the most confident first.</param>
internal sealed record HardClass(
    int Index,
    IReadOnlyList<(int Class, int Clips)> Confusions,
    IReadOnlyList<ClipPrediction> Errors
)
{
    /// <summary>Maximum number of classes that a report describes.</summary>
    public const int MaxClasses = 3;

    /// <summary>Maximum number of errors of a class that a report lists.</summary>
    public const int MaxErrors = 4;

    /// <summary>The classes of lowest recall with at least one error, the lowest first.</summary>
    public static IReadOnlyList<HardClass> Find(EvaluationResult result) =>
        [
            .. result
                .Metrics.PerClass.Index()
                .Where(entry => entry.Item.Support > 0 && entry.Item.Recall < 1)
                .OrderBy(entry => entry.Item.Recall)
                .ThenBy(entry => entry.Index)
                .Take(MaxClasses)
                .Select(entry => Create(result, entry.Index)),
        ];

    private static HardClass Create(EvaluationResult result, int index) =>
        new(
            index,
            [
                .. Enumerable
                    .Range(0, result.Labels.Count)
                    .Where(other => other != index && result.Metrics.Confusion[index, other] > 0)
                    .Select(other => (other, result.Metrics.Confusion[index, other]))
                    .OrderByDescending(confusion => confusion.Item2),
            ],
            [
                .. result
                    .Predictions.Where(clip => clip.Truth == result.Labels[index] && !clip.IsCorrect)
                    .OrderByDescending(clip => clip.Probabilities.Max())
                    .ThenBy(clip => clip.Path, StringComparer.Ordinal)
                    .Take(MaxErrors),
            ]
        );
}
