using AttnCrnn.Encoders;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features.Npz;

/// <summary>What an export did.</summary>
/// <param name="Written">Clips written as files.</param>
/// <param name="AlreadyThere">Clips whose files were there.</param>
/// <param name="Bad">Clips of the store without frames, and why.</param>
public sealed record NpzExportReport(int Written, int AlreadyThere, IReadOnlyList<ClipWarning> Bad);

/// <summary>
/// A store's clips as the original's files, one .npz a clip, named as the extraction names them; with the index and description that keep what an
/// .npz cannot hold (speaker, side, rate). The folder is read wherever a store is. One clip is in memory at a time.
/// </summary>
public static class NpzExport
{
    /// <summary>Writes what the folder does not have yet: an export that was killed, or whose store has grown, goes on.</summary>
    /// <param name="store">The store's folder.</param>
    /// <param name="folder">Made if absent.</param>
    /// <param name="progress">Clips seen, of how many.</param>
    /// <exception cref="InvalidInputException">There is no store, or the folder holds frames that something else made.</exception>
    /// <exception cref="InvalidFileException">A file of the store is damaged.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; what was done is kept.</exception>
    public static NpzExportReport Run(
        string store,
        string folder,
        TimeProvider clock,
        IProgress<(int Seen, int Total)>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        if (Full(store) == Full(folder))
            throw new InvalidInputException($"--out {folder}: this is the store itself; name another folder");
        if (!File.Exists(Path.Combine(store, StoreDescription.FileName)))
            throw new InvalidInputException(
                $"{store}: no feature store ({StoreDescription.FileName} is missing); extract makes one"
            );
        using var frames = FeatureStore.Open([store]);
        var description = StoreJson.Read(store) with { Format = StoreFormat.Npz };
        Directory.CreateDirectory(folder);
        StoreJson.WriteOrCheck(folder, description);
        // Shard by shard, each read from one end to the other.
        ShardIndexEntry[] lines = [.. ShardIndex.ReadAll(store).OrderBy(line => line.File, StringComparer.Ordinal)];
        var places = Enumerable
            .Range(0, frames.Clips.Count)
            .ToDictionary(at => (frames.Clips[at].Path, frames.Clips[at].StartSeconds, frames.Clips[at].EndSeconds));
        var there = ShardIndex
            .ReadAll(folder)
            .Where(line => line.Problem.Length > 0 || File.Exists(Path.Combine(folder, line.File)))
            .ToDictionary(line => line.Clip);
        var writer = new ShardWriter(
            new ExtractionOptions(folder) { Format = StoreFormat.Npz },
            description.Encoder,
            clock
        )
        {
            Labels = [.. lines.Select(line => line.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal)],
        };
        var (seen, written, kept) = (0, 0, 0);
        try
        {
            foreach (var line in lines)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var isThere = there.TryGetValue(line.Clip, out var before) && before.WrittenTicks >= line.WrittenTicks;
                if (places.TryGetValue(line.Clip, out var place))
                {
                    if (isThere)
                        kept++;
                    else
                        writer.Add(line with { File = Write(writer, frames, place, line) });
                    if (!isThere)
                        written++;
                }
                else if (!isThere && line.Problem.Length > 0)
                    writer.Add(line);
                writer.FlushIfOld();
                progress?.Report((++seen, lines.Length));
            }
        }
        finally
        {
            writer.Flush();
        }
        return new(written, kept, frames.InvalidClips);
    }

    private static string Full(string path) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    private static string Write(ShardWriter writer, FeatureStore frames, int place, ShardIndexEntry line)
    {
        var encoder = frames.Description.Encoder;
        var values = new float[line.Frames * encoder.FrameWidth];
        frames.Read(place, values);
        return writer.Add(line, new(values, line.Frames, encoder.LayerCount, encoder.Width));
    }
}
