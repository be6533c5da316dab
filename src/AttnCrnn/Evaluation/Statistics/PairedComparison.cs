namespace AttnCrnn.Evaluation.Statistics;

/// <summary>A metric of the first evaluation minus that of the second.</summary>
/// <param name="Value">The difference on all clips.</param>
/// <param name="Interval">
/// 95% confidence interval by the bootstrap over speakers, in whose resamples both evaluations have the same clips;
/// null if it cannot be estimated.
/// </param>
public readonly record struct PairedDifference(double Value, ConfidenceInterval? Interval);

/// <summary>Two evaluations of the same clips, compared clip by clip and speaker by speaker.</summary>
public sealed record PairedComparison
{
    /// <summary>Number of clips.</summary>
    public required int Clips { get; init; }

    /// <summary>Clips that only the first predicts correctly.</summary>
    public required int OnlyFirstCorrect { get; init; }

    /// <summary>Clips that only the second predicts correctly.</summary>
    public required int OnlySecondCorrect { get; init; }

    /// <summary>
    /// P-value of McNemar's exact test. The test assumes independent clips, which clips of one speaker are not.
    /// </summary>
    public required double ClipPValue { get; init; }

    /// <summary>Number of speakers with paired UAR; 0 if none is known.</summary>
    public required int Speakers { get; init; }

    /// <summary>P-value of Wilcoxon's test of the speakers' UAR; null with fewer than two speakers.</summary>
    public required double? SpeakerPValue { get; init; }

    /// <summary>Difference of the unweighted average recall.</summary>
    public required PairedDifference Uar { get; init; }

    /// <summary>Difference of the accuracy (WA).</summary>
    public required PairedDifference Accuracy { get; init; }

    /// <summary>Compares two evaluations.</summary>
    /// <param name="first">One prediction per clip.</param>
    /// <param name="second">Of the same clips, in any order.</param>
    /// <param name="randomBelow">
    /// Random numbers of the bootstrap: a uniform integer below the first argument, at the position given by the
    /// second.
    /// </param>
    /// <exception cref="InvalidInputException">The evaluations differ in clips or labels.</exception>
    public static PairedComparison Compute(
        IReadOnlyList<ClipPrediction> first,
        IReadOnlyList<ClipPrediction> second,
        Func<uint, ulong, uint> randomBelow
    )
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var pairs = ClipPairs.Match(first, second);
        var onlyFirst = pairs.Count(pair => pair.First.IsCorrect && !pair.Second.IsCorrect);
        var onlySecond = pairs.Count(pair => pair.Second.IsCorrect && !pair.First.IsCorrect);
        var (speakers, speakerPValue) = TestSpeakers(pairs);
        var (uar, accuracy) = PairedBootstrap.Compute(pairs, SpeakerBootstrap.DefaultResamples, randomBelow);
        return new()
        {
            Clips = pairs.Count,
            OnlyFirstCorrect = onlyFirst,
            OnlySecondCorrect = onlySecond,
            ClipPValue = PairedTests.McNemar(onlyFirst, onlySecond),
            Speakers = speakers,
            SpeakerPValue = speakerPValue,
            Uar = uar,
            Accuracy = accuracy,
        };
    }

    private static (int Speakers, double? PValue) TestSpeakers(
        IReadOnlyList<(ClipPrediction First, ClipPrediction Second)> pairs
    )
    {
        // Rounded because equal means may differ in the last bit, which would break ties.
        double[] differences =
        [
            .. pairs
                .Where(pair => pair.First.Speaker is not null)
                .GroupBy(pair => pair.First.Speaker)
                .Select(speaker =>
                    Math.Round(
                        ComputeUar(speaker.Select(pair => pair.First))
                            - ComputeUar(speaker.Select(pair => pair.Second)),
                        12
                    )
                ),
        ];
        return (
            differences.Length,
            differences.Length < 2 ? null : PairedTests.Wilcoxon(differences, new double[differences.Length])
        );
    }

    // Mean recall over the speaker's classes.
    private static double ComputeUar(IEnumerable<ClipPrediction> clips) =>
        clips.GroupBy(clip => clip.Truth).Average(label => label.Average(clip => clip.IsCorrect ? 1.0 : 0.0));
}
