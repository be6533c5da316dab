using AttnCrnn.Audio;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features;

/// <summary>
/// Index of the frames that a store already has: by clip, to recognize an unchanged recording, and by content, to
/// recognize equal samples in another file.
/// </summary>
internal sealed class StoredFrames(StoreFormat format)
{
    private readonly Dictionary<(string, double?, double?, AudioChannel?), ShardIndexEntry> byClip = [];
    private readonly Dictionary<string, ShardIndexEntry> byKey = [];

    /// <summary>Labels of all entries.</summary>
    public IEnumerable<string?> Labels => byClip.Values.Select(entry => entry.Label);

    /// <summary>The last entry of each clip.</summary>
    public IReadOnlyCollection<ShardIndexEntry> Entries => byClip.Values;

    /// <summary>The last entry of a clip; null if there is none.</summary>
    public ShardIndexEntry? Find(ShardIndexEntry entry) => byClip.GetValueOrDefault(entry.Clip);

    /// <summary>Reads the index of a store.</summary>
    public void Load(string folder)
    {
        foreach (var entry in ShardIndex.ReadAll(folder))
        {
            // Ignore entries whose frames were deleted.
            if (entry.Problem.Length == 0 && !File.Exists(Path.Combine(folder, entry.File)))
                continue;
            Add(entry);
        }
    }

    public void Add(ShardIndexEntry entry)
    {
        byClip[entry.Clip] = entry;
        if (entry.Problem.Length == 0)
            byKey[entry.Key] = entry;
    }

    /// <summary>
    /// The entry of the same channel of a recording of the same size and time; null if it must be read.
    /// </summary>
    public ShardIndexEntry? FindUnchanged(ShardIndexEntry entry) =>
        byClip.GetValueOrDefault(entry.Clip) is { Problem.Length: 0 } storedEntry
        && storedEntry.Bytes == entry.Bytes
        && storedEntry.ModifiedTicks == entry.ModifiedTicks
        && storedEntry.Channel == entry.Channel
        && IsUsable(storedEntry, entry.Label)
            ? storedEntry
            : null;

    /// <summary>An entry with frames of the same samples; null if they must be encoded.</summary>
    public ShardIndexEntry? FindEqualSamples(ShardIndexEntry entry) =>
        byKey.GetValueOrDefault(entry.Key) is { } storedEntry
        && (format == StoreFormat.Store || storedEntry.Clip == entry.Clip)
        && IsUsable(storedEntry, entry.Label)
            ? storedEntry
            : null;

    // An .npz file belongs to one clip and holds its label.
    private bool IsUsable(ShardIndexEntry entry, string? label) => format == StoreFormat.Store || entry.Label == label;
}
