using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>
/// Maps the paths of a fetched run, which are those of the machine where it ran, to the local ones they were uploaded
/// from, as a file beside its configuration records them.
/// </summary>
internal static class RemotePaths
{
    public const string FileName = "deployed.json";

    /// <summary>Replaces missing paths by those they were uploaded from, where these exist.</summary>
    /// <param name="configuration">Of a run; its data_dirs and init are replaced in a copy.</param>
    /// <param name="origin">The file of original paths; it may be missing.</param>
    public static JsonObject ToLocal(JsonCursor configuration, string origin)
    {
        var local = configuration.ToJsonObject();
        if (!File.Exists(origin))
            return local;
        var known = ConfigFile.Read(origin);
        if (
            configuration.Find("init")?.AsText() is { } initial
            && !File.Exists(initial)
            && known.Find("init")?.Find(initial)?.AsText() is { } model
            && File.Exists(model)
        )
            local["init"] = model;
        if (
            configuration.Find("data_dirs") is { IsArray: true } folders
            && known.Find("data_dirs") is { IsObject: true } origins
        )
            local["data_dirs"] = new JsonArray([
                .. folders.Items.Select(folder => (JsonNode?)LocalFolder(folder.AsText(), origins)),
            ]);
        return local;
    }

    private static string? LocalFolder(string? remote, JsonCursor origins) =>
        remote is not null
        && !Directory.Exists(remote)
        && origins.Find(remote)?.AsText() is { } local
        && Directory.Exists(local)
            ? local
            : remote;
}
