using System.Globalization;

namespace AttnCrnn.Reports.ModelCards.Sections;

/// <summary>The protocol in sentences, metrics with intervals, by class and by group, and the plots.</summary>
internal static class EvaluationSection
{
    public static CardSection Create(ModelCard card) =>
        new(
            "Evaluation",
            card.Metrics is { } metrics
                ? [.. CreateBlocks(card, metrics)]
                : [new CardText("The model has not been evaluated.")]
        );

    private static IEnumerable<CardBlock> CreateBlocks(ModelCard card, CardMetrics metrics)
    {
        yield return new CardText(metrics.Summary.Split.Description);
        if (card.Models.Count > 1)
            yield return new CardText(
                "The metrics are those of the single models, each on the test clips of its fold. The mean of their "
                    + "probabilities was not evaluated: "
                    + (
                        metrics.Folds < metrics.Summary.Split.Folds
                            ? "most clips of the data are in the training set of some model."
                            : "every clip of the data is in the training set of some model."
                    )
            );
        yield return CreateMetrics(metrics);
        if (metrics.ClassesWithoutClips.Count > 0)
            yield return new CardText(
                $"No evaluated clip is of {string.Join(", ", metrics.ClassesWithoutClips)}: UAR is the mean recall "
                    + "over the other classes."
            );
        if (metrics.FoldUar is { } folds)
            yield return new CardText(
                $"Over the {metrics.Folds} folds, the mean of UAR is {CardNumbers.Format(folds.Mean)}"
                    + (
                        folds.StandardDeviation is { } std
                            ? $", its standard deviation {CardNumbers.Format(std)}."
                            : "."
                    )
            );
        yield return CreateClasses(metrics);
        if (metrics.Groups.Count > 0)
            yield return CreateGroups(metrics);
        foreach (var plot in card.Plots)
            yield return plot;
    }

    private static CardTable CreateMetrics(CardMetrics metrics)
    {
        var summary = metrics.Summary;
        return new(
            metrics.IntervalMethod,
            ["metric", "value", "95% confidence interval"],
            [
                ["UAR", CardNumbers.Format(summary.Uar), Format(summary.UarInterval)],
                ["accuracy", CardNumbers.Format(summary.Accuracy), Format(summary.AccuracyInterval)],
                ["macro F1", CardNumbers.Format(summary.MacroF1), Format(summary.MacroF1Interval)],
                ["mean ROC-AUC", CardNumbers.Format(summary.MacroAuc), Format(summary.MacroAucInterval)],
                ["log loss", CardNumbers.Format(summary.LogLoss), Format(summary.LogLossInterval)],
                ["Brier score", CardNumbers.Format(summary.Brier), Format(summary.BrierInterval)],
                ["expected calibration error", CardNumbers.Format(summary.Ece), Format(summary.EceInterval)],
            ]
        );
    }

    private static CardTable CreateClasses(CardMetrics metrics) =>
        new(
            "Metrics by class; the number of clips is that of the label.",
            ["class", "clips", "precision", "recall", "F1", "ROC-AUC"],
            [
                .. metrics.Classes.Select(row =>
                    (IReadOnlyList<string>)
                        [
                            row.Label,
                            row.Support.ToString(CultureInfo.InvariantCulture),
                            CardNumbers.Format(row.Precision),
                            CardNumbers.Format(row.Recall),
                            CardNumbers.Format(row.F1),
                            CardNumbers.Format(row.Auc),
                        ]
                ),
            ]
        );

    private static CardTable CreateGroups(CardMetrics metrics) =>
        new(
            "UAR by group of the evaluated clips.",
            ["group", "clips", "UAR"],
            [
                .. metrics.Groups.Select(group =>
                    (IReadOnlyList<string>)
                        [
                            $"{group.Attribute}: {group.Name}",
                            group.Clips.ToString(CultureInfo.InvariantCulture),
                            CardNumbers.Format(group.Uar),
                        ]
                ),
            ]
        );

    private static string Format(Evaluation.Statistics.ConfidenceInterval? interval) =>
        interval is { } bounds ? CardNumbers.FormatInterval(bounds) : "–";
}
