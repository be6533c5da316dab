using System.Text.Json;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>Which folder and model there came from which here, kept with the run: its results must find their clips again where they are fetched.</summary>
internal static class DataOrigin
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <param name="folder">Absolute, where all of it is there.</param>
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
