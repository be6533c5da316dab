using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment;

/// <summary>The data that the record script writes about a run before the run starts.</summary>
/// <param name="ResumedRun">null for a new run.</param>
/// <param name="Program">The program's remote folder name.</param>
/// <param name="Configuration">JSON; null keeps the run's existing configuration.</param>
internal sealed record RunRecord(
    string? ResumedRun,
    string Fingerprint,
    string Program,
    string? Configuration,
    IReadOnlyList<DataFolder> Data,
    InitialModel? InitialModel
);
