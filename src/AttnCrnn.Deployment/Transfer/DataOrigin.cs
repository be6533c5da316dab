using System.Text.Json;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>
/// Maps a run's remote feature folders and model to the local ones they were uploaded from, so that fetched results
/// find their clips again.
/// </summary>
internal static class DataOrigin
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <param name="folder">The absolute remote deployment folder.</param>
    public static string Write(string folder, IReadOnlyList<DataFolder> data, InitialModel? initial)
    {
        var origin = new Dictionary<string, object>
        {
            ["from"] = Environment.MachineName,
            ["data_dirs"] = data.DistinctBy(dataFolder => dataFolder.RemoteName)
                .ToDictionary(dataFolder => $"{folder}/{dataFolder.RemoteName}", dataFolder => dataFolder.Path),
        };
        if (initial is not null)
            origin["init"] = new Dictionary<string, string> { [$"{folder}/{initial.RemoteName}"] = initial.Path };
        return JsonSerializer.Serialize(origin, Readable) + "\n";
    }
}
