using System.Text;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.IO;
using AttnCrnn.Reports.Explanations;
using AttnCrnn.Reports.Html;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>
/// Writes the files of <c>analysis_results/RUN/</c>, except the configuration, which the program writes.
/// </summary>
public static class AnalysisFolder
{
    /// <summary>Writes all files, each atomically.</summary>
    public static void Write(string folder, RunReport report)
    {
        var result = report.Result;
        AtomicFile.WriteText(Path.Combine(folder, "classification_report.txt"), CreateSummary(report));
        AtomicFile.WriteText(Path.Combine(folder, MetricsJson.FileName), MetricsJson.Serialize(result));
        PredictionsCsv.Write(Path.Combine(folder, PredictionsCsv.FileName), result.Labels, result.Predictions);
        var plots = new ReportPlots(
            PlotRenderer.RenderConfusion(result),
            report.Histories.Count == 0 ? null : PlotRenderer.RenderHistory(report.Histories),
            PlotRenderer.RenderRoc(result),
            PlotRenderer.RenderCalibration(result)
        );
        AtomicFile.WriteBytes(Path.Combine(folder, "attn_crnn_confusion_matrix.png"), plots.Confusion);
        AtomicFile.WriteBytes(Path.Combine(folder, "attn_crnn_roc_curves.png"), plots.Roc);
        if (plots.History is not null)
            AtomicFile.WriteBytes(Path.Combine(folder, "attn_crnn_training_history.png"), plots.History);
        foreach (var history in report.Histories)
        foreach (var (name, values) in history.Metrics)
            NpyFile.Write(
                Path.Combine(
                    folder,
                    "history",
                    history.Fold is { } fold ? RunFolders.GetFoldFolderName(fold) : "",
                    $"{name}.npy"
                ),
                NpyArray.Create(values, values.Length)
            );
        ExplanationsFolder.Write(folder, report.Explanations);
        AtomicFile.WriteText(Path.Combine(folder, RunFolders.Report), HtmlReport.Create(report, plots));
    }

    private static string CreateSummary(RunReport report)
    {
        var result = report.Result;
        var metrics = report.Result.Metrics;
        var text = new StringBuilder();
        if (result.Protocol.Synthetic)
            text.Append("SYNTHETIC recordings: these metrics are not valid for real speech.\n\n");
        text.Append(report.RunName).Append('\n').Append(ProtocolText.Describe(result.Protocol)).Append('\n');
        if (result.Protocol.SpeakerNormalization is { } normalization)
            text.Append(SpeakerNormalizationText.Summarize(normalization)).Append('\n');
        if (ClassCoverageText.Describe(result) is { } coverage)
            text.Append(coverage).Append('\n');
        text.Append(FormatLine("UAR", metrics.Uar, result.ConfidenceIntervals.Uar))
            .Append(FormatLine("accuracy", metrics.Accuracy, result.ConfidenceIntervals.Accuracy));
        text.Append(FormatLine("macro F1", metrics.MacroF1, result.ConfidenceIntervals.MacroF1))
            .Append(ConfidenceIntervalText.Describe(result.ConfidenceIntervals))
            .Append('\n');
        if (result.TrainingFits is { Count: > 0 } fits)
            text.Append(TrainingFitText.Describe(fits))
                .Append(' ')
                .Append(TrainingFitText.DescribeMethod(fits))
                .Append('\n');
        if (result.Repeats is { } repeats)
            text.Append(RepeatsText.Describe(repeats)).Append('\n');
        if (LabelMapText.Describe(result) is { } labelMap)
            text.Append(labelMap).Append('\n');
        text.Append(StatisticsText.Describe(result));
        if (result.Votes is { } votes)
            text.Append(VoteText.Describe(votes)).Append('\n');
        text.Append('\n');
        return text.Append(metrics.ToReportText()).ToString();
    }

    private static string FormatLine(string name, double metric, ConfidenceInterval? interval)
    {
        var bounds = interval is { } value
            ? FormattableString.Invariant($" (95% CI {value.Low:0.0000} to {value.High:0.0000})")
            : "";
        return FormattableString.Invariant($"{name}: {metric:0.0000}{bounds}\n");
    }
}

/// <summary>Plots of a report, as PNG.</summary>
internal sealed record ReportPlots(byte[] Confusion, byte[]? History, byte[] Roc, byte[] Calibration);
