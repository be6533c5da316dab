namespace AttnCrnn.Evaluation.Statistics;

/// <summary>Two evaluations of the same clips, compared clip by clip and speaker by speaker.</summary>
/// <param name="Clips">Number of clips.</param>
/// <param name="OnlyFirstCorrect">Clips that only the first predicts correctly.</param>
/// <param name="OnlySecondCorrect">Clips that only the second predicts correctly.</param>
/// <param name="ClipPValue">
/// P-value of McNemar's exact test. The test assumes independent clips, which clips of one speaker are not.
/// </param>
/// <param name="Speakers">Number of speakers with paired UAR; 0 if none is known.</param>
/// <param name="SpeakerPValue">
/// P-value of Wilcoxon's test of the speakers' UAR; null with fewer than two speakers.
/// </param>
public sealed record PairedComparison(
    int Clips,
    int OnlyFirstCorrect,
    int OnlySecondCorrect,
    double ClipPValue,
    int Speakers,
    double? SpeakerPValue
)
{
    /// <summary>Compares two evaluations.</summary>
    /// <exception cref="InvalidInputException">The evaluations differ in clips or labels.</exception>
    public static PairedComparison Compute(EvaluationResult first, EvaluationResult second)
    {
        var secondByKey = second.Predictions.ToDictionary(clip => clip.Key);
        if (
            first.Predictions.Count != second.Predictions.Count
            || !first.Predictions.All(clip => secondByKey.ContainsKey(clip.Key))
        )
        {
            int commonCount = first.Predictions.Count(clip => secondByKey.ContainsKey(clip.Key));
            throw new InvalidInputException(
                $"the runs evaluate different clips ({first.Predictions.Count} and {second.Predictions.Count}, "
                    + $"{commonCount} in common): a paired test needs the same test set; train both with the same "
                    + "corpus, split and seed"
            );
        }
        (ClipPrediction First, ClipPrediction Second)[] pairs =
        [
            .. first.Predictions.Select(clip => (clip, secondByKey[clip.Key])),
        ];
        if (pairs.FirstOrDefault(pair => pair.First.Truth != pair.Second.Truth).First is { } differing)
            throw new InvalidInputException(
                $"{differing.Key}: the labels of the runs differ ({differing.Truth}, "
                    + $"{secondByKey[differing.Key].Truth})"
            );

        int onlyFirst = pairs.Count(pair => IsCorrect(pair.First) && !IsCorrect(pair.Second));
        int onlySecond = pairs.Count(pair => IsCorrect(pair.Second) && !IsCorrect(pair.First));
        var speakers = pairs
            .Where(pair => pair.First.Speaker is not null)
            .GroupBy(pair => pair.First.Speaker)
            .ToArray();
        // Rounded because equal means may differ in the last bit, which would break ties.
        double[] differences =
        [
            .. speakers.Select(grouping =>
                Math.Round(
                    ComputeUar(grouping.Select(pair => pair.First)) - ComputeUar(grouping.Select(pair => pair.Second)),
                    12
                )
            ),
        ];
        double? speakerPValue =
            speakers.Length < 2 ? null : PairedTests.Wilcoxon(differences, new double[differences.Length]);
        return new(
            pairs.Length,
            onlyFirst,
            onlySecond,
            PairedTests.McNemar(onlyFirst, onlySecond),
            speakers.Length,
            speakerPValue
        );
    }

    private static bool IsCorrect(ClipPrediction clip) => clip.Predicted == clip.Truth;

    /// <summary>Mean recall over the speaker's classes.</summary>
    private static double ComputeUar(IEnumerable<ClipPrediction> clips) =>
        clips.GroupBy(clip => clip.Truth).Average(grouping => grouping.Average(clip => IsCorrect(clip) ? 1.0 : 0.0));
}
