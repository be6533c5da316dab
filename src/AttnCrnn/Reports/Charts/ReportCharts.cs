using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports.Charts;

/// <summary>The charts of a report that are beside its page as files for papers.</summary>
internal static class ReportCharts
{
    // Of all charts of a run.
    private const string Prefix = "attn_crnn_";

    /// <summary>The charts of a run.</summary>
    public static IReadOnlyList<Chart> Create(EvaluationResult result, IReadOnlyList<HistoryCurves> histories) =>
        [
            new ConfusionChart(result),
            new RocChart(result),
            new CalibrationChart(result),
            .. histories.Count > 0 ? (Chart[])[new HistoryChart(histories)] : [],
            .. RecallChart.Create(histories, result, HardClass.Find(result)) is { } recall ? (Chart[])[recall] : [],
        ];

    /// <summary>Name of the file of a chart.</summary>
    public static string GetFileName(Chart chart) => $"{Prefix}{chart.Name}.svg";
}
