namespace AttnCrnn.Evaluation.Statistics;

/// <summary>Two evaluations of the same clips, compared clip by clip and speaker by speaker.</summary>
/// <param name="Clips">Clips that both judge.</param>
/// <param name="OnlyFirstRight">Clips that only the first predicts rightly.</param>
/// <param name="OnlySecondRight">Clips that only the second predicts rightly.</param>
/// <param name="ClipPValue">McNemar's exact test of those two counts. It takes clips as independent, which those of one speaker are not.</param>
/// <param name="Speakers">Speakers whose UAR was paired; 0 where none is named.</param>
/// <param name="SpeakerPValue">Wilcoxon's test of the speakers' UAR; null with fewer than two speakers.</param>
public sealed record PairedComparison(
    int Clips,
    int OnlyFirstRight,
    int OnlySecondRight,
    double ClipPValue,
    int Speakers,
    double? SpeakerPValue
)
{
    /// <summary>Compares two models' predictions clip by clip.</summary>
    /// <exception cref="InvalidInputException">The two do not judge the same clips with the same labels.</exception>
    public static PairedComparison Compute(EvaluationResult first, EvaluationResult second)
    {
        var others = second.Predictions.ToDictionary(clip => clip.Key);
        if (
            first.Predictions.Count != second.Predictions.Count
            || !first.Predictions.All(clip => others.ContainsKey(clip.Key))
        )
        {
            int common = first.Predictions.Count(clip => others.ContainsKey(clip.Key));
            throw new InvalidInputException(
                $"the runs judge different clips ({first.Predictions.Count} and {second.Predictions.Count}, {common} in common): "
                    + "a paired test needs the same test side, so train both with the same corpus, split and seed"
            );
        }
        (ClipPrediction First, ClipPrediction Second)[] pairs =
        [
            .. first.Predictions.Select(clip => (clip, others[clip.Key])),
        ];
        if (pairs.FirstOrDefault(pair => pair.First.Truth != pair.Second.Truth).First is { } differing)
            throw new InvalidInputException(
                $"{differing.Key}: the runs give it different labels ({differing.Truth}, {others[differing.Key].Truth})"
            );

        int onlyFirst = pairs.Count(pair => IsCorrect(pair.First) && !IsCorrect(pair.Second));
        int onlySecond = pairs.Count(pair => IsCorrect(pair.Second) && !IsCorrect(pair.First));
        var speakers = pairs
            .Where(pair => pair.First.Speaker is not null)
            .GroupBy(pair => pair.First.Speaker)
            .ToArray();
        // Means of a few clips that are equal in truth may differ in their last bit, which would break ties and make differences of nothing.
        double[] differences =
        [
            .. speakers.Select(grouping =>
                Math.Round(Uar(grouping.Select(pair => pair.First)) - Uar(grouping.Select(pair => pair.Second)), 12)
            ),
        ];
        double? bySpeaker =
            speakers.Length < 2 ? null : PairedTests.Wilcoxon(differences, new double[differences.Length]);
        return new(
            pairs.Length,
            onlyFirst,
            onlySecond,
            PairedTests.McNemar(onlyFirst, onlySecond),
            speakers.Length,
            bySpeaker
        );
    }

    private static bool IsCorrect(ClipPrediction clip) => clip.Predicted == clip.Truth;

    /// <summary>Mean over the speaker's own classes of the share predicted rightly.</summary>
    private static double Uar(IEnumerable<ClipPrediction> clips) =>
        clips.GroupBy(clip => clip.Truth).Average(grouping => grouping.Average(clip => IsCorrect(clip) ? 1.0 : 0.0));
}
