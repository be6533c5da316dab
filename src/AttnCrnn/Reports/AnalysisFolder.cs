using System.Text;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;
using AttnCrnn.Reports.Charts;
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
        var metrics = MetricsJson.Serialize(result);
        AtomicFile.WriteText(Path.Combine(folder, MetricsJson.FileName), metrics);
        PredictionsCsv.Write(Path.Combine(folder, PredictionsCsv.FileName), result.Labels, result.Predictions);
        AtomicFile.WriteBytes(
            Path.Combine(folder, "attn_crnn_confusion_matrix.png"),
            PlotRenderer.RenderConfusion(result)
        );
        AtomicFile.WriteBytes(Path.Combine(folder, "attn_crnn_roc_curves.png"), PlotRenderer.RenderRoc(result));
        if (report.Histories.Count > 0)
            AtomicFile.WriteBytes(
                Path.Combine(folder, "attn_crnn_training_history.png"),
                PlotRenderer.RenderHistory(report.Histories)
            );
        ExplanationsFolder.Write(folder, report.Explanations);
        HistoryFiles.Write(folder, report.Histories);
        ReportFile.Create(report).Write(folder);
        WritePage(folder, report, metrics);
    }

    /// <summary>Writes the page and the charts for papers, each atomically.</summary>
    /// <param name="metricsJson">Text of the run's metrics.json, which the page contains.</param>
    internal static void WritePage(string folder, RunReport report, string metricsJson)
    {
        foreach (var chart in ReportCharts.Create(report.Result, report.Histories))
            AtomicFile.WriteText(Path.Combine(folder, ReportCharts.GetFileName(chart)), SvgChart.CreateFile(chart));
        var content = new ReportContent(report)
        {
            MetricsJson = metricsJson,

            Folder = Path.GetFullPath(folder),
        };
        AtomicFile.WriteText(Path.Combine(folder, RunFolders.Report), HtmlReport.Create(content));
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
        text.Append(ConfidenceIntervalText.FormatLine("UAR", metrics.Uar, result.ConfidenceIntervals.Uar))
            .Append(
                ConfidenceIntervalText.FormatLine("accuracy", metrics.Accuracy, result.ConfidenceIntervals.Accuracy)
            );
        text.Append(ConfidenceIntervalText.FormatLine("macro F1", metrics.MacroF1, result.ConfidenceIntervals.MacroF1))
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
}
