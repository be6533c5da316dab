using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Whether the models were trained enough, or too much.</summary>
internal sealed class TrainingFitSection : IReportSection
{
    public string Title => "Trained enough, or too much?";

    public bool AppliesTo(ReportContent content) => content.Result.TrainingFits.Count > 0;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var fits = content.Result.TrainingFits;
        page.Write($"<p>{TrainingFitText.Describe(fits)}</p>");
        HtmlTable.WriteStart(
            page,
            TrainingFitText.DescribeMethod(fits),
            fits[0].Fold is null ? "model" : "fold",
            "best epoch",
            "of",
            "95% by step",
            "training UAR",
            "validation UAR",
            "gap",
            "training accuracy",
            "validation accuracy",
            "gap",
            "training log loss",
            "validation log loss"
        );
        foreach (var fit in fits)
            WriteFit(page, fit);
        if (fits.Count > 1)
            WriteMeans(page, fits);
        HtmlTable.WriteEnd(page);
    }

    private static void WriteFit(HtmlWriter page, TrainingFit fit) =>
        HtmlTable.WriteRow(
            page,
            fit.Fold?.ToString(CultureInfo.InvariantCulture) ?? "best",
            HtmlNumbers.FormatInteger(fit.BestEpoch),
            HtmlNumbers.FormatInteger(fit.Epochs),
            HtmlNumbers.FormatInteger(fit.NearBestStep),
            HtmlNumbers.FormatPercent(fit.Train.Uar),
            HtmlNumbers.FormatPercent(fit.Validation.Uar),
            HtmlNumbers.FormatPercent(fit.UarGap),
            HtmlNumbers.FormatPercent(fit.Train.Accuracy),
            HtmlNumbers.FormatPercent(fit.Validation.Accuracy),
            HtmlNumbers.FormatPercent(fit.AccuracyGap),
            HtmlNumbers.FormatNumber(fit.Train.LogLoss),
            HtmlNumbers.FormatNumber(fit.Validation.LogLoss)
        );

    private static void WriteMeans(HtmlWriter page, IReadOnlyList<TrainingFit> fits) =>
        HtmlTable.WriteRow(
            page,
            "mean ± std",
            "",
            "",
            "",
            Format(fits, fit => fit.Train.Uar, HtmlNumbers.FormatPercent),
            Format(fits, fit => fit.Validation.Uar, HtmlNumbers.FormatPercent),
            Format(fits, fit => fit.UarGap, HtmlNumbers.FormatPercent),
            Format(fits, fit => fit.Train.Accuracy, HtmlNumbers.FormatPercent),
            Format(fits, fit => fit.Validation.Accuracy, HtmlNumbers.FormatPercent),
            Format(fits, fit => fit.AccuracyGap, HtmlNumbers.FormatPercent),
            Format(fits, fit => fit.Train.LogLoss, HtmlNumbers.FormatNumber),
            Format(fits, fit => fit.Validation.LogLoss, HtmlNumbers.FormatNumber)
        );

    private static string Format(
        IReadOnlyList<TrainingFit> fits,
        Func<TrainingFit, double> value,
        Func<double, string> format
    ) => HtmlNumbers.FormatMeanAndStd(TrainingFit.ComputeMeanAndStd(fits, value), format);
}
