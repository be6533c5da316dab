using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Reports;

/// <summary>All that a report says; a report is a function of it and of nothing else.</summary>
/// <param name="Histories">One a fold; empty where nothing was trained.</param>
/// <param name="Configuration">Flags and their values.</param>
/// <param name="Encoder">What made the frames.</param>
public sealed record RunReport(
    string RunName,
    EvaluationResult Result,
    IReadOnlyList<HistoryCurves> Histories,
    IReadOnlyList<KeyValuePair<string, string>> Configuration,
    string Encoder,
    string ProgramVersion
);
