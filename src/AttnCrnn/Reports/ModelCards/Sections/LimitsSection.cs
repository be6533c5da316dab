namespace AttnCrnn.Reports.ModelCards.Sections;

/// <summary>What limits the results: of this model, as its metrics show, and of every model of this kind.</summary>
internal static class LimitsSection
{
    private const int FewSpeakers = 10;

    public static CardSection Create(ModelCard card) => new("Limits", [new CardList([.. List(card)])]);

    /// <summary>The limits, one sentence or a few each.</summary>
    public static IEnumerable<string> List(ModelCard card)
    {
        if (card.IsSynthetic)
            yield return "The model was trained on synthetic speech; it is not valid for real speech.";
        if (card.Metrics is { } metrics)
            foreach (var limit in ListMeasured(metrics))
                yield return limit;
        if (card.Metrics is null)
            yield return "The model has not been evaluated.";
        yield return card.Info.Temperature == 1
            ? "The probabilities are not calibrated: no temperature was fitted."
            : "The probabilities are calibrated on the validation set, by one temperature for all classes; on other "
                + "recordings they may be too high or too low.";
        yield return "A recording in which none of the classes is expressed gets one of them nonetheless.";
        yield return "The labels are what actors were asked to express or what raters perceived; raters disagree, and "
            + "neither is what a speaker felt.";
        yield return "Other languages, recording conditions, ages and ways of speaking than those of the training data "
            + "were not evaluated; expect worse results.";
    }

    private static IEnumerable<string> ListMeasured(CardMetrics metrics)
    {
        var summary = metrics.Summary;
        if (!summary.Split.SpeakersDisjoint)
            yield return summary.Split.Method == SplitMethodNames.GivenClips
                ? "The evaluated clips were given by the user: if their speakers are in the training set, the metrics "
                    + "overestimate performance (speaker leakage)."
                : "Speakers are, or may be, in the training set and in the test set: the metrics overestimate, or may "
                    + "overestimate, performance on other speakers (speaker leakage).";
        if (summary.Split.HasKnownClips)
            yield return "Test clips, or copies of them, are known to the model, which was allowed: the metrics "
                + "overestimate performance on other clips.";
        if (summary.Split.IsUnfinished)
            yield return "The training had not ended when the model was evaluated: later epochs may be better.";
        if (summary.SpeakerNormalization is { IsTransductive: true } normalization)
            yield return SpeakerNormalizationText.Summarize(normalization);
        if (summary.Speakers is > 0 and < FewSpeakers)
            yield return $"Only {CardNumbers.FormatCount(summary.Speakers, "speaker")} evaluated: other speakers may "
                + "give quite different results.";
        var evaluated = metrics.Classes.Where(row => row.Support > 0 && !double.IsNaN(row.Recall)).ToList();
        if (evaluated.MinBy(row => row.Recall) is { } lowest)
            yield return $"The class of lowest recall is {lowest.Label}: {CardNumbers.Format(lowest.Recall)} of its "
                + $"{CardNumbers.FormatCount(lowest.Support, "clip")} are recognized.";
    }
}
