using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>
/// Maps a run's remote feature folders and model to the local ones they were uploaded from, so that an
/// evaluation of fetched results finds the local features.
/// </summary>
internal static class DataOrigin
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <param name="folder">The absolute remote deployment folder.</param>
    public static string FormatJson(string folder, IReadOnlyList<DataFolder> data, InitialModel? initial)
    {
        var folders = data.DistinctBy(dataFolder => dataFolder.RemoteName)
            .Select(dataFolder => KeyValuePair.Create($"{folder}/{dataFolder.RemoteName}", (JsonNode?)dataFolder.Path));
        var origin = new JsonObject
        {
            ["from"] = Environment.MachineName,

            ["data_dirs"] = new JsonObject(folders),
        };
        if (initial is not null)
            origin["init"] = new JsonObject { [$"{folder}/{initial.RemoteName}"] = initial.Path };
        return origin.ToJsonString(Readable) + "\n";
    }
}
