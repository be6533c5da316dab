using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// The paths of the sources of a store: a file <c>source-ID.json</c> for each, as entries have identifiers only.
/// </summary>
internal static class SourceNames
{
    private const string Prefix = "source-";
    private const int MaxBytes = 1 << 16;

    /// <summary>Writes the paths that the folder does not have. Concurrent runs may do so.</summary>
    /// <param name="paths">By identifier.</param>
    public static void Write(string folder, IReadOnlyDictionary<string, string> paths)
    {
        foreach (var (id, path) in paths)
        {
            var file = GetFile(folder, id);
            if (!File.Exists(file))
                AtomicFile.TryCreate(
                    file,
                    JsonBytes.WriteObject(
                        json => json.WriteString("path", StoredPath.Format(path)),
                        new JsonWriterOptions { Indented = true }
                    )
                );
        }
    }

    /// <summary>The paths of sources by identifier; some may be missing.</summary>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> folders)
    {
        var paths = new Dictionary<string, string>();
        foreach (var file in folders.SelectMany(List))
        {
            var json = new JsonSource(file, "the path of a source", "remove the file").Read(MaxBytes);
            paths.TryAdd(GetId(file), StoredPath.Parse(json.GetString("path")));
        }
        return paths;
    }

    /// <summary>The path of a source that names a clip; null if none is recorded.</summary>
    /// <param name="paths">By identifier.</param>
    public static string? Find(ShardIndexEntry entry, IReadOnlyDictionary<string, string> paths) =>
        entry.NamingSources.Select(id => paths.GetValueOrDefault(id)).FirstOrDefault(path => path is not null);

    /// <summary>A source for messages.</summary>
    /// <param name="paths">By identifier.</param>
    public static string Describe(string id, IReadOnlyDictionary<string, string> paths) =>
        id == ShardIndexEntry.UnknownSource ? "a source that is not recorded"
        : paths.TryGetValue(id, out var path) ? path
        : $"source {id}";

    /// <summary>Removes the paths of other sources.</summary>
    public static void RemoveExcept(string folder, Func<string, bool> isKept)
    {
        foreach (var file in List(folder).Where(file => !isKept(GetId(file))))
            File.Delete(file);
    }

    private static string[] List(string folder) => Directory.GetFiles(folder, $"{Prefix}*.json");

    private static string GetFile(string folder, string id) => Path.Combine(folder, $"{Prefix}{id}.json");

    private static string GetId(string file) => Path.GetFileNameWithoutExtension(file)[Prefix.Length..];
}
