using System.Text.Json.Nodes;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>A run and the metadata saved in its models.</summary>
/// <param name="Directory">Directory of its models and checkpoints.</param>
/// <param name="Configuration">Resolved configuration, saved in the models: without paths of this machine.</param>
/// <param name="Version">Version of the program, saved in the models.</param>
/// <param name="Clock">Clock for durations in progress reports and histories.</param>
public sealed record RunMetadata(RunDirectory Directory, JsonObject Configuration, string Version, TimeProvider Clock)
{
    /// <summary>Version of the defaults that the run keeps: <see cref="RunConfiguration.DefaultsVersion"/>.</summary>
    internal int DefaultsVersion { get; init; } = OptionValues.CurrentDefaultsVersion;
}
