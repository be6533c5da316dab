using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>A run that was fetched names its features, and the model that it began with, as they were called where it ran; beside its configuration stands where they came from.</summary>
internal static class RemotePaths
{
    public const string FileName = "deployed.json";

    /// <summary>Folders and models that are not there under their names, and are under those that they came from, get these.</summary>
    /// <param name="configuration">Of a run; its data_dirs and init are changed.</param>
    /// <param name="origin">The file, which need not be there.</param>
    public static void Localise(JsonObject configuration, string origin)
    {
        if (!File.Exists(origin))
            return;
        var known = ConfigFile.Read(origin);
        if (
            configuration["init"]?.ToString() is { } initial
            && !File.Exists(initial)
            && known["init"]?[initial]?.ToString() is { } model
            && File.Exists(model)
        )
            configuration["init"] = model;
        if (configuration["data_dirs"] is not JsonArray folders || known["data_dirs"] is not JsonObject came)
            return;
        for (var i = 0; i < folders.Count; i++)
        {
            if (
                folders[i]?.ToString() is { } there
                && !Directory.Exists(there)
                && came[there]?.ToString() is { } here
                && Directory.Exists(here)
            )
                folders[i] = here;
        }
    }
}
