using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Checkpoints;

/// <summary>Reads a checkpoint's *.index.json, which maps tensors to shard files.</summary>
internal static class CheckpointShardIndex
{
    private const string Expected = "an index of shards: {\"weight_map\": {tensor: file}}";
    private const long MaxBytes = 64L << 20;
    private const int MaxShards = 1000; // each shard is an open file
    private const int MaxNameLength = 255;

    /// <summary>The tensor names of each shard, by the shard's file name.</summary>
    /// <exception cref="InvalidFileException">The index is invalid, or names a file outside its folder.</exception>
    public static IReadOnlyDictionary<string, HashSet<string>> Read(string path)
    {
        using var stream = InputFile.Open(path, Expected);
        if (stream.Length > MaxBytes)
            throw new InvalidFileException(path, null, $"{stream.Length} bytes", Expected, "fetch the model again");
        var shards = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var tensors = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (var weight in json.RootElement.GetProperty("weight_map").EnumerateObject())
            {
                if (!tensors.Add(weight.Name))
                    throw new InvalidFileException(
                        path,
                        null,
                        $"two entries for {InputFile.Quote(weight.Name)}",
                        "one",
                        "fetch the index again"
                    );
                var name = PlainName(path, weight.Value.GetString());
                if (!shards.TryGetValue(name, out var names))
                    shards.Add(name, names = new(StringComparer.Ordinal));
                names.Add(weight.Name);
            }
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidFileException(
                path,
                null,
                $"an index that cannot be read ({JsonErrorText.Describe(exception)})",
                Expected,
                "fetch it again"
            );
        }
        return shards.Count is > 0 and <= MaxShards
            ? shards
            : throw new InvalidFileException(
                path,
                null,
                $"{shards.Count} shards",
                $"1 to {MaxShards}",
                "fetch the index again"
            );
    }

    private static string PlainName(string path, string? name) =>
        name is { Length: > 0 and <= MaxNameLength } and not ("." or "..")
        && !name.Any(c => c is '/' or '\\' or ':' || char.IsControl(c))
            ? name
            : throw new InvalidFileException(
                path,
                null,
                $"a shard named {InputFile.Quote(name ?? "")}",
                "the name of a file next to the index",
                "do not use this model: such names are not created by accident"
            );
}
