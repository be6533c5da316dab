using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Checkpoints;

/// <summary>Reads a checkpoint's *.index.json, which maps tensors to shard files.</summary>
internal static class CheckpointShardIndex
{
    private const string Expected = "an index of shards: {\"weight_map\": {tensor: file}}";
    private const int MaxBytes = 64 << 20;
    private const int MaxShards = 1000; // each shard is an open file
    private const int MaxNameLength = 255;

    /// <summary>The tensor names of each shard, by the shard's file name.</summary>
    /// <exception cref="InvalidFileException">The index is invalid, or names a file outside its folder.</exception>
    public static IReadOnlyDictionary<string, HashSet<string>> Read(string path)
    {
        var json = new JsonSource(path, Expected, "download the index again").Read(
            MaxBytes,
            new JsonDocumentOptions { MaxDepth = 8 }
        );
        var map = json.GetObject("weight_map");
        var shards = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var tensors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (tensor, file) in map.Fields)
        {
            if (!tensors.Add(tensor))
                throw file.Error($"two entries for {InputFile.Quote(tensor)}", "one");
            var name = RequireFileName(file);
            if (!shards.TryGetValue(name, out var names))
                shards.Add(name, names = new(StringComparer.Ordinal));
            names.Add(tensor);
        }
        return shards.Count is > 0 and <= MaxShards
            ? shards
            : throw map.Error($"{shards.Count} shards", $"1 to {MaxShards}");
    }

    private static string RequireFileName(JsonCursor file) =>
        file.RequireString() is { Length: > 0 and <= MaxNameLength } name
        && name is not ("." or "..")
        && !name.Any(c => c is '/' or '\\' or ':' || char.IsControl(c))
            ? name
            : throw file.Error(
                $"a shard named {InputFile.Quote(file.RequireString())}",
                "the name of a file next to the index",
                "the file may be malicious: do not use this model"
            );
}
