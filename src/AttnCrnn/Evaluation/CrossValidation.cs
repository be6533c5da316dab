namespace AttnCrnn.Evaluation;

/// <summary>Folds' test predictions become one set, in which every clip of the corpus stands once.</summary>
public static class CrossValidation
{
    /// <summary>Puts the folds' predictions together.</summary>
    /// <param name="folds">[folds], each fold's test predictions, with their fold's number.</param>
    /// <param name="expected">Every clip that some fold should have tested.</param>
    /// <param name="speakersDisjoint">Whether the folds were dealt by speaker: then no speaker may be tested in two of them.</param>
    /// <returns>The predictions in the order of <paramref name="expected"/>.</returns>
    /// <exception cref="InvalidOperationException">A clip is predicted twice, missing or not expected, or a speaker is in two folds.</exception>
    public static IReadOnlyList<ClipPrediction> Pool(
        IEnumerable<IReadOnlyList<ClipPrediction>> folds,
        IReadOnlyList<ClipKey> expected,
        bool speakersDisjoint
    )
    {
        ClipPrediction[] all = [.. folds.SelectMany(fold => fold)];
        RequireOnce(all);
        if (all.FirstOrDefault(clip => clip.Fold is null) is { } without)
            throw new InvalidOperationException($"{without.Key}: its prediction does not say which fold made it");
        if (speakersDisjoint)
            RequireOneFoldASpeaker(all);

        var byKey = all.ToDictionary(clip => clip.Key);
        ClipKey[] missing = [.. expected.Where(key => !byKey.ContainsKey(key))];
        if (missing.Length > 0)
            throw new InvalidOperationException(
                $"{missing.Length} of {expected.Count} clips are in no fold's test side, {missing[0]} first: train all folds"
            );
        if (byKey.Keys.Except(expected).Select(key => key.ToString()).FirstOrDefault() is { } stranger)
            throw new InvalidOperationException(
                $"{stranger}: a fold predicted it, but it is not among the clips of this run"
            );
        return [.. expected.Distinct().Select(key => byKey[key])];
    }

    /// <exception cref="InvalidOperationException">A clip is predicted twice, which would count it twice.</exception>
    internal static void RequireOnce(IEnumerable<ClipPrediction> predictions)
    {
        var twice = predictions.GroupBy(clip => clip.Key).FirstOrDefault(same => same.Skip(1).Any());
        if (twice is null)
            return;
        string folds = string.Join(", ", twice.Select(clip => clip.Fold).OfType<int>());
        throw new InvalidOperationException(
            $"{twice.Key}: predicted {twice.Count()} times{(folds.Length > 0 ? $" (folds {folds})" : "")}; a clip may be judged once"
        );
    }

    private static void RequireOneFoldASpeaker(IEnumerable<ClipPrediction> predictions)
    {
        var split = predictions
            .Where(clip => clip.Speaker is not null)
            .GroupBy(clip => clip.Speaker)
            .FirstOrDefault(speaker => speaker.Select(clip => clip.Fold).Distinct().Skip(1).Any());
        if (split is not null)
            throw new InvalidOperationException(
                $"speaker {split.Key} is tested in two folds, though the folds were dealt by speaker"
            );
    }
}
