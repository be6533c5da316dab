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
    public static JsonObject MapToLocal(JsonCursor configuration, string origin)
    {
        var localConfiguration = configuration.ToJsonObject();
        if (!File.Exists(origin))
            return localConfiguration;
        var recordedPaths = ConfigFile.Read(origin);
        if (
            configuration.Find("init")?.AsText() is { } initial
            && !File.Exists(initial)
            && recordedPaths.Find("init")?.Find(initial)?.AsText() is { } model
            && File.Exists(model)
        )
            localConfiguration["init"] = model;
        if (
            configuration.Find("data_dirs") is { IsArray: true } folders
            && recordedPaths.Find("data_dirs") is { IsObject: true } origins
        )
            localConfiguration["data_dirs"] = new JsonArray([
                .. folders.Items.Select(folder => (JsonNode?)FindLocalFolder(folder.AsText(), origins)),
            ]);
        return localConfiguration;
    }

    private static string? FindLocalFolder(string? remotePath, JsonCursor origins) =>
        remotePath is not null
        && !Directory.Exists(remotePath)
        && origins.Find(remotePath)?.AsText() is { } localPath
        && Directory.Exists(localPath)
            ? localPath
            : remotePath;
}
