using AttnCrnn.Audio;
using AttnCrnn.Features.Shards;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Features.Npz;

/// <summary>Result of an export.</summary>
/// <param name="Written">Clips written.</param>
/// <param name="AlreadyExported">Clips whose files existed already.</param>
/// <param name="InvalidClips">Clips of the store without frames, and the reason.</param>
public sealed record NpzExportReport(int Written, int AlreadyExported, IReadOnlyList<ClipWarning> InvalidClips);

/// <summary>
/// Exports a store as one .npz file per clip, named as by the extraction, with an index and a description of what an
/// .npz file cannot hold (speaker, subset, frame rate). The folder can be used wherever a store can. One clip is in
/// memory at a time.
/// </summary>
public static class NpzExport
{
    /// <summary>
    /// Writes the clips that the folder does not have yet, so that an interrupted export can be continued.
    /// </summary>
    /// <param name="store">Folder of the store.</param>
    /// <param name="folder">Output folder, created if absent.</param>
    /// <param name="progress">Clips processed, and their total.</param>
    /// <exception cref="InvalidInputException">
    /// There is no store, or the folder holds frames of another encoder, precision or format, or files of clips that
    /// the store does not give any more.
    /// </exception>
    /// <exception cref="InvalidFileException">A file of the store is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// The caller canceled; completed clips have been written.
    /// </exception>
    public static NpzExportReport Run(
        string store,
        string folder,
        TimeProvider clock,
        IProgress<(int Processed, int Total)>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        RequireStore(store, folder);
        using var frames = FeatureStore.Open([store]);
        var description = StoreJson.Read(store) with { Format = StoreFormat.Npz };
        WritableFolder.Require(folder, OptionKeys.Out);
        using var storeLock = StoreLock.Write(folder);
        StoreJson.WriteOrCheck(folder, description);
        // Shard by shard, for sequential reads.
        ShardIndexEntry[] entries = [.. ShardIndex.ReadAll(store).OrderBy(entry => entry.File, StringComparer.Ordinal)];
        RequireNoOtherFiles(folder, frames, entries);
        SourceNames.Write(folder, SourceNames.Read([store]));
        var indices = Enumerable.Range(0, frames.Clips.Count).ToDictionary(i => GetIdentity(frames.Clips[i]));
        var existingEntries = FindExisting(folder);
        var writer = new ShardWriter(
            new ExtractionOptions(folder) { Format = StoreFormat.Npz },
            description.Encoder,
            clock
        )
        {
            Labels =
            [
                .. entries.Select(entry => entry.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal),
            ],
        };
        var processed = 0;
        var written = 0;
        var alreadyExported = 0;
        try
        {
            foreach (var entry in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isWritten =
                    existingEntries.TryGetValue(entry.Clip, out var existingEntry)
                    && existingEntry.WrittenTicks >= entry.WrittenTicks;
                var hasFrames = indices.TryGetValue(entry.Clip, out var index);
                if (hasFrames && isWritten)
                    alreadyExported++;
                else if (hasFrames)
                {
                    writer.Add(entry with { File = Write(writer, frames, index, entry) });
                    written++;
                }
                else if (!isWritten && entry.Problem.Length > 0)
                    writer.Add(entry);
                writer.FlushIfOld();
                progress?.Report((++processed, entries.Length));
            }
        }
        finally
        {
            writer.Flush();
        }
        return new(written, alreadyExported, frames.InvalidClips);
    }

    private static void RequireStore(string store, string folder)
    {
        if (NormalizePath(store) == NormalizePath(folder))
            throw new InvalidInputException(
                OptionText.Create($"{OptionKeys.Out} {folder}: this is the store itself; choose another folder")
            );
        if (!File.Exists(Path.Combine(store, StoreDescription.FileName)))
            throw new InvalidInputException(
                store,
                $"no feature store ({StoreDescription.FileName} is missing); extract the features first"
            );
    }

    // Of clips that were removed from the sources, perhaps because someone withdrew their consent. Invalid clips of the
    // store may have a file of an earlier export, which its index then does not name.
    private static void RequireNoOtherFiles(string folder, FeatureStore frames, ShardIndexEntry[] entries)
    {
        var identities = frames.Clips.Select(GetIdentity).ToHashSet();
        var names = entries
            .Where(entry => identities.Contains(entry.Clip) || entry.Problem.Length > 0)
            .Select(ShardWriter.CreateNpzName)
            .ToHashSet();
        string[] others =
        [
            .. StorePruning
                .ListNpzFiles(folder)
                .Select(file => Path.GetFileName(file))
                .Where(name => !names.Contains(name))
                .Order(StringComparer.Ordinal),
        ];
        if (others.Length > 0)
            throw new InvalidInputException(
                folder,
                OptionText.Create(
                    $"{others.Length} .npz files are of clips that the store does not give any more, for example "
                        + $"{others[0]}: delete this folder and export again, or choose another {OptionKeys.Out}"
                )
            );
    }

    private static (string, double?, double?, AudioChannel?) GetIdentity(StoredClip clip) =>
        (clip.Path, clip.StartSeconds, clip.EndSeconds, clip.Channel);

    private static Dictionary<(string, double?, double?, AudioChannel?), ShardIndexEntry> FindExisting(string folder) =>
        ShardIndex
            .ReadAll(folder)
            .Where(entry => entry.Problem.Length > 0 || File.Exists(Path.Combine(folder, entry.File)))
            .ToDictionary(entry => entry.Clip);

    private static string NormalizePath(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string Write(ShardWriter writer, FeatureStore frames, int index, ShardIndexEntry entry)
    {
        var encoder = frames.Description.Encoder;
        var values = new float[entry.Frames * encoder.FrameWidth];
        frames.Read(index, values);
        return writer.Add(entry, new(values, entry.Frames, encoder.LayerCount, encoder.Width));
    }
}
