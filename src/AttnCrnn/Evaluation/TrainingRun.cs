using System.Text.Json.Nodes;
using AttnCrnn.Runs;

namespace AttnCrnn.Evaluation;

/// <summary>The run that an <see cref="Experiment"/> is trained as.</summary>
/// <param name="Directory">Directory of its models and checkpoints.</param>
/// <param name="Configuration">Resolved configuration, saved in the models.</param>
/// <param name="Version">Version of the program, saved in the models.</param>
/// <param name="Clock">Clock for durations in progress reports and histories.</param>
public sealed record TrainingRun(RunDirectory Directory, JsonObject Configuration, string Version, TimeProvider Clock);
