namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Metrics of each fold, with mean and standard deviation, of a cross-validation.</summary>
internal sealed class FoldsSection : IReportSection
{
    public string Title => "Cross-validation folds";

    public bool AppliesTo(ReportContent content) => content.Result.Folds.Count > 0;

    public void Write(HtmlWriter page, ReportContent content)
    {
        HtmlTable.WriteStart(
            page,
            "Each fold is evaluated by a model that was not trained on its clips; the metrics above pool all folds.",
            "fold",
            "clips",
            "speakers",
            "classes",
            "UAR",
            "accuracy",
            "macro F1"
        );
        foreach (var fold in content.Result.Folds)
            HtmlTable.WriteRow(
                page,
                HtmlNumbers.FormatInteger(fold.Fold),
                HtmlNumbers.FormatInteger(fold.Metrics.ClipCount),
                HtmlNumbers.FormatInteger(fold.Speakers),
                HtmlNumbers.FormatInteger(fold.Metrics.ClassesWithClips.Count),
                HtmlNumbers.FormatPercent(fold.Metrics.Uar),
                HtmlNumbers.FormatPercent(fold.Metrics.Accuracy),
                HtmlNumbers.FormatNumber(fold.Metrics.MacroF1)
            );
        if (content.Result is { FoldUar: { } uar, FoldAccuracy: { } accuracy, FoldMacroF1: { } f1 })
        {
            HtmlTable.WriteStartOfFooter(page);
            HtmlTable.WriteRow(
                page,
                "mean ± std",
                "",
                "",
                "",
                HtmlNumbers.FormatMeanAndStd(uar, HtmlNumbers.FormatPercent),
                HtmlNumbers.FormatMeanAndStd(accuracy, HtmlNumbers.FormatPercent),
                HtmlNumbers.FormatMeanAndStd(f1, HtmlNumbers.FormatNumber)
            );
            HtmlTable.WriteEndWithFooter(page);
        }
        else
            HtmlTable.WriteEnd(page);
    }
}
