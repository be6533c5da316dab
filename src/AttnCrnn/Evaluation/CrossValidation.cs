namespace AttnCrnn.Evaluation;

/// <summary>Pools the test predictions of all folds, so that every clip of the corpus occurs once.</summary>
public static class CrossValidation
{
    /// <summary>Pools the folds' predictions.</summary>
    /// <param name="folds">[folds], test predictions of each fold, with the fold set.</param>
    /// <param name="expected">All clips of the folds' test sets.</param>
    /// <param name="speakersDisjoint">
    /// Whether the folds are speaker-independent: then no speaker may be in two of them.
    /// </param>
    /// <returns>The predictions in the order of <paramref name="expected"/>.</returns>
    /// <exception cref="InvalidOperationException">
    /// A clip has more than one prediction, none, or is unexpected, or a speaker is in two folds.
    /// </exception>
    public static IReadOnlyList<ClipPrediction> Pool(
        IEnumerable<IReadOnlyList<ClipPrediction>> folds,
        IReadOnlyList<ClipKey> expected,
        bool speakersDisjoint
    )
    {
        ClipPrediction[] predictions = [.. folds.SelectMany(fold => fold)];
        RequireOnce(predictions);
        if (predictions.FirstOrDefault(clip => clip.Fold is null) is { } withoutFold)
            throw new InvalidOperationException($"{withoutFold.Key}: its prediction has no fold");
        if (speakersDisjoint)
            RequireOneFoldPerSpeaker(predictions);

        var byKey = predictions.ToDictionary(clip => clip.Key);
        ClipKey[] missing = [.. expected.Where(key => !byKey.ContainsKey(key))];
        if (missing.Length > 0)
            throw new InvalidOperationException(
                $"{missing.Length} of {expected.Count} clips (for example {missing[0]}) are in no fold's test set: "
                    + "train all folds"
            );
        if (byKey.Keys.Except(expected).Select(key => key.ToString()).FirstOrDefault() is { } unexpected)
            throw new InvalidOperationException(
                $"{unexpected}: predicted by a fold, but not among the clips of this run"
            );
        return [.. expected.Distinct().Select(key => byKey[key])];
    }

    /// <exception cref="InvalidOperationException">A clip has more than one prediction.</exception>
    internal static void RequireOnce(IEnumerable<ClipPrediction> predictions)
    {
        var duplicate = predictions
            .GroupBy(clip => clip.Key)
            .FirstOrDefault(clipPredictions => clipPredictions.Skip(1).Any());
        if (duplicate is null)
            return;
        string folds = string.Join(", ", duplicate.Select(clip => clip.Fold).OfType<int>());
        string foldText = folds.Length > 0 ? $" (folds {folds})" : "";
        throw new InvalidOperationException(
            $"{duplicate.Key}: predicted {duplicate.Count()} times{foldText}; expected one prediction per clip"
        );
    }

    private static void RequireOneFoldPerSpeaker(IEnumerable<ClipPrediction> predictions)
    {
        var repeated = predictions
            .Where(clip => clip.Speaker is not null)
            .GroupBy(clip => clip.Speaker)
            .FirstOrDefault(speaker => speaker.Select(clip => clip.Fold).Distinct().Skip(1).Any());
        if (repeated is not null)
            throw new InvalidOperationException(
                $"speaker {repeated.Key} is tested in two folds, although the folds are speaker-independent"
            );
    }
}
