using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>
/// Maps the remote paths in the configuration of a fetched run to the local paths from which they were uploaded. A file
/// beside the configuration records these.
/// </summary>
internal static class RemotePaths
{
    public const string FileName = "deployed.json";

    /// <summary>Replaces paths that do not exist by the paths from which they were uploaded, if these exist.</summary>
    /// <param name="configuration">The configuration of a run; data_dirs and init are replaced in a copy.</param>
    /// <param name="origin">The file with the local paths; it may be missing.</param>
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
