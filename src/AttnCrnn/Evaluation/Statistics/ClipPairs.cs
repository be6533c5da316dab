namespace AttnCrnn.Evaluation.Statistics;

/// <summary>The predictions of two evaluations for each clip.</summary>
internal static class ClipPairs
{
    private const int MaxNamed = 3;

    /// <returns>In the order of the first evaluation.</returns>
    /// <exception cref="InvalidInputException">The evaluations differ in clips or labels.</exception>
    public static IReadOnlyList<(ClipPrediction First, ClipPrediction Second)> Match(
        IReadOnlyList<ClipPrediction> first,
        IReadOnlyList<ClipPrediction> second
    )
    {
        CrossValidation.RequireOnce(first);
        CrossValidation.RequireOnce(second);
        var secondByKey = second.ToDictionary(clip => clip.Key);
        var onlyFirst = first.Select(clip => clip.Key).Where(key => !secondByKey.ContainsKey(key)).ToList();
        var onlySecond = secondByKey.Keys.Except(first.Select(clip => clip.Key)).ToList();
        if (onlyFirst.Count + onlySecond.Count > 0)
            throw new InvalidInputException(
                $"the runs evaluate different clips: {first.Count - onlyFirst.Count} in common"
                    + $"{Describe("only in the first", onlyFirst)}{Describe("only in the second", onlySecond)}; a "
                    + "paired test needs the same test set: train or evaluate both with the same corpus, split "
                    + "and seed"
            );
        foreach (var clip in first)
        {
            if (secondByKey[clip.Key].Speaker != clip.Speaker)
                throw new InvalidInputException(
                    $"{clip.Key}: the speakers of the runs differ ({clip.Speaker ?? "none"}, "
                        + $"{secondByKey[clip.Key].Speaker ?? "none"}); compare runs of the same clips"
                );
            if (secondByKey[clip.Key].Truth != clip.Truth)
                throw new InvalidInputException(
                    $"{clip.Key}: the labels of the runs differ ({clip.Truth}, {secondByKey[clip.Key].Truth}); "
                        + "compare runs with the same classes"
                );
        }
        return [.. first.Select(clip => (clip, secondByKey[clip.Key]))];
    }

    private static string Describe(string where, List<ClipKey> clips) =>
        clips.Count == 0
            ? ""
            : $", {clips.Count} {where} ({string.Join(", ", clips.Take(MaxNamed))}"
                + $"{(clips.Count > MaxNamed ? ", …" : "")})";
}
