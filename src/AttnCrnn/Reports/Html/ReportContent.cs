using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html;

/// <summary>What the sections of a report show.</summary>
internal sealed record ReportContent(RunReport Report)
{
    /// <summary>Text of the run's metrics.json.</summary>
    public required string MetricsJson { get; init; }

    /// <summary>Folder of the page, to which links are relative.</summary>
    public required string Folder { get; init; }

    /// <summary>The result of the evaluation.</summary>
    public EvaluationResult Result => Report.Result;

    /// <summary>The names of speakers and clips.</summary>
    public ReportNames Names => ReportNames.Create(Result, Report.Options.WithNames);
}
