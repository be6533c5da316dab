using System.Text.Json;

namespace AttnCrnn.Remote;

/// <summary>Which folder there came from which here, kept with the run: its results must find their clips again where they are fetched.</summary>
internal static class DataOrigin
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    /// <param name="there">Absolute, in the order of the folders.</param>
    public static string Write(IReadOnlyList<DataFolder> data, IReadOnlyList<string> there) => JsonSerializer.Serialize(
        new Dictionary<string, object> { ["from"] = Environment.MachineName, ["data_dirs"] = data.Select((folder, i) => (folder, there: there[i])).DistinctBy(pair => pair.there).ToDictionary(pair => pair.there, pair => pair.folder.Path) }, Readable) + "\n";
}
