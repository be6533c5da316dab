using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Explanations;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports;

/// <summary>All content of a report.</summary>
/// <param name="Histories">Training history per fold; empty without training.</param>
/// <param name="Configuration">Options and their values, without absolute paths.</param>
/// <param name="Encoder">Encoder of the frames.</param>
public sealed record RunReport(
    string RunName,
    EvaluationResult Result,
    IReadOnlyList<HistoryCurves> Histories,
    IReadOnlyList<KeyValuePair<string, string>> Configuration,
    string Encoder,
    string ProgramVersion
)
{
    /// <summary>Explanations of a few clips; null: not wanted.</summary>
    public ClipExplanations? Explanations { get; init; }

    /// <summary>What the page shows of the people who were recorded.</summary>
    public ReportOptions Options { get; init; } = new();
}
