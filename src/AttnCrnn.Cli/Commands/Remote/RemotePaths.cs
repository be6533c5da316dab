using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>
/// Maps the paths of a fetched run, which are those of the machine where it ran, to the local ones they were uploaded
/// from, as a file beside its configuration records them.
/// </summary>
internal static class RemotePaths
{
    public const string FileName = "deployed.json";

    /// <summary>Replaces missing paths by those they were uploaded from, where these exist.</summary>
    /// <param name="configuration">Of a run; its data_dirs and init are changed.</param>
    /// <param name="origin">The file of original paths; it may be missing.</param>
    public static void ToLocal(JsonObject configuration, string origin)
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
        if (configuration["data_dirs"] is not JsonArray folders || known["data_dirs"] is not JsonObject origins)
            return;
        for (var i = 0; i < folders.Count; i++)
        {
            if (
                folders[i]?.ToString() is { } remote
                && !Directory.Exists(remote)
                && origins[remote]?.ToString() is { } local
                && Directory.Exists(local)
            )
                folders[i] = local;
        }
    }
}
