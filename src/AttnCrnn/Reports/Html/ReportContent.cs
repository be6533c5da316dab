using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html;

/// <summary>What the sections of a report show.</summary>
internal sealed record ReportContent(RunReport Report, ReportPlots Plots)
{
    /// <summary>The result of the evaluation.</summary>
    public EvaluationResult Result => Report.Result;
}
