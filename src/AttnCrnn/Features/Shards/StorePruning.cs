using System.Text.RegularExpressions;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// Removes clips from a store, so that neither their frames nor their names are on the disk: shards with other frames
/// are rewritten. First the new shards are written, then one new index, then the old indexes are deleted, then the old
/// shards: a kill at any time leaves a valid store, and running it again removes what is left.
/// </summary>
internal sealed partial class StorePruning
{
    private readonly string folder;
    private readonly StoreFormat format;
    private readonly string name = ShardWriter.CreateName();
    private readonly string[] indexes;
    private readonly string[] frameFiles;
    private int rewritten;

    private StorePruning(string folder, StoreFormat format)
    {
        this.folder = folder;
        this.format = format;
        frameFiles =
            format == StoreFormat.Store ? Directory.GetFiles(folder, "part-*.safetensors") : ListNpzFiles(folder);
        indexes = Directory.GetFiles(folder, "part-*.csv");
    }

    /// <summary>Removes all clips that are not kept, and frames that no clip uses any more.</summary>
    /// <param name="named">The clips that stay; what other sources say of them is removed.</param>
    /// <exception cref="InvalidFileException">A file of the store is damaged; nothing was removed.</exception>
    public static PruningReport Run(string folder, StoreFormat format, NamedClips named) =>
        new StorePruning(folder, format).Run(named);

    /// <summary>The files of an .npz folder that have the name of a clip's frames.</summary>
    public static string[] ListNpzFiles(string folder) =>
        [.. Directory.GetFiles(folder, "*.npz").Where(file => NpzPattern().IsMatch(file))];

    private PruningReport Run(NamedClips named)
    {
        ShardIndexEntry[] rows = [.. ShardIndex.ReadEntries(folder)];
        var clips = EntriesByClip.Create(rows.Select(row => new FolderEntry(folder, row))).Ordered;
        var keptClips = clips.Where(clip => named.Contains(clip.Newest.Entry)).ToList();
        var kept = keptClips.SelectMany(named.Restate).ToList();
        var newFiles = format == StoreFormat.Store ? RewriteShards(kept) : [];
        if (rows.Length != kept.Count || !kept.ToHashSet().SetEquals(rows) || newFiles.Count > 0)
            ReplaceIndexes([
                .. kept.Select(entry => entry with { File = newFiles.GetValueOrDefault(entry.File, entry.File) }),
            ]);
        var used = kept.Select(entry => entry.File).ToHashSet();
        string[] unused =
        [
            .. frameFiles.Where(file =>
                Path.GetFileName(file) is var fileName && (!used.Contains(fileName) || newFiles.ContainsKey(fileName))
            ),
        ];
        foreach (var file in unused)
            File.Delete(file);
        RemoveLeftovers();
        SourceNames.RemoveExcept(folder, named.IsSource);
        return new(clips.Count - keptClips.Count, unused.Length);
    }

    // Of killed runs: they may have frames of clips that are removed. No other process writes to the store now.
    private void RemoveLeftovers()
    {
        AtomicFile.RemoveLeftovers(folder);
        foreach (var file in Directory.GetFiles(folder, ".part-*.tmp"))
            File.Delete(file);
    }

    // Returns the new file name of each shard that had to be rewritten.
    private Dictionary<string, string> RewriteShards(List<ShardIndexEntry> kept)
    {
        var keysOfFile = kept.Where(entry => entry.Problem.Length == 0)
            .GroupBy(entry => entry.File)
            .ToDictionary(entries => entries.Key, entries => entries.Select(entry => entry.Key).ToHashSet());
        var newFiles = new Dictionary<string, string>();
        foreach (var file in frameFiles)
        {
            if (!keysOfFile.TryGetValue(Path.GetFileName(file), out var keys))
                continue;
            using var shard = ShardFile.Open(file);
            if (shard.Entries.Keys.All(keys.Contains))
                continue;
            var newFile = $"{name}-{rewritten++:D5}.safetensors";
            CopyTensors(shard, keys, Path.Combine(folder, newFile));
            newFiles[Path.GetFileName(file)] = newFile;
        }
        return newFiles;
    }

    private static void CopyTensors(SafetensorsFile shard, HashSet<string> keys, string destination)
    {
        using var source = InputFile.Open(shard.Path, "a shard");
        AtomicFile.Write(destination, stream =>
            SafetensorsWriter.Write(
                stream,
                shard.Metadata,
                [
                    .. shard
                        .Entries.Values.Where(tensor => keys.Contains(tensor.Name))
                        .OrderBy(tensor => tensor.Begin)
                        .Select(tensor =>
                            (
                                tensor.Name,
                                tensor.Type,
                                tensor.Shape,
                                tensor.End - tensor.Begin,
                                (Action<Stream>)(
                                    output =>
                                        Copy(source, shard.DataStart + tensor.Begin, tensor.End - tensor.Begin, output)
                                )
                            )
                        ),
                ]
            )
        );
    }

    private static void Copy(Stream source, long offset, long length, Stream output)
    {
        var buffer = new byte[1 << 16];
        source.Position = offset;
        for (var remaining = length; remaining > 0; )
        {
            var count = (int)Math.Min(buffer.Length, remaining);
            source.ReadExactly(buffer, 0, count);
            output.Write(buffer, 0, count);
            remaining -= count;
        }
    }

    private void ReplaceIndexes(List<ShardIndexEntry> kept)
    {
        ShardIndex.Write(Path.Combine(folder, $"{name}-{rewritten:D5}.csv"), kept);
        foreach (var index in indexes)
            File.Delete(index);
    }

    // The suffix that ShardWriter appends to a recording's name.
    [GeneratedRegex("_[0-9a-f]{8}[.]npz$", RegexOptions.CultureInvariant)]
    private static partial Regex NpzPattern();
}
