using System.Text.Json.Nodes;

namespace AttnCrnn.Runs;

/// <summary>A run and the metadata saved in its models.</summary>
/// <param name="Directory">Directory of its models and checkpoints.</param>
/// <param name="Configuration">Resolved configuration, saved in the models.</param>
/// <param name="Version">Version of the program, saved in the models.</param>
/// <param name="Clock">Clock for durations in progress reports and histories.</param>
public sealed record TrainingRun(RunDirectory Directory, JsonObject Configuration, string Version, TimeProvider Clock);
