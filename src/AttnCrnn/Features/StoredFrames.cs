using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features;

/// <summary>
/// Index of the frames that a store already has: by clip, to recognize an unchanged recording, and by content, to
/// recognize equal samples in another file.
/// </summary>
internal sealed class StoredFrames(string folder, StoreFormat format)
{
    private readonly EntriesByClip byClip = new();
    private readonly Dictionary<string, ShardIndexEntry> byKey = [];

    /// <summary>Labels of all clips.</summary>
    public IEnumerable<string?> Labels => byClip.Clips.Select(clip => clip.Merge().Label);

    /// <summary>The clips of the store.</summary>
    public EntriesByClip Clips => byClip;

    /// <summary>What the store has of a clip; null if nothing.</summary>
    public ClipEntries? Find(ShardIndexEntry entry) => byClip.Find(entry);

    /// <summary>Whether the store has what an entry says of the clip.</summary>
    public bool Contains(ShardIndexEntry entry) =>
        Find(entry) is { } clip
        && entry.ListSources().All(id => IsNamed(id, clip, entry))
        && entry.DroppedBy.Length == 0;

    /// <summary>Whether a source of the entry gave the clip another label, speaker or subset before.</summary>
    public bool HasOtherNames(ShardIndexEntry entry) =>
        Find(entry) is { } clip
        && entry.NamingSources.Any(id =>
            clip.Find(id, folder) is { } previous && previous.NamingSources.Contains(id) && !previous.HasNamesOf(entry)
        );

    /// <summary>Reads the index of the store.</summary>
    public void Load()
    {
        // Not those whose frames were deleted.
        var files = Directory.GetFiles(folder).Select(Path.GetFileName).ToHashSet();
        foreach (var entry in ShardIndex.ReadEntries(folder))
            if (entry.Problem.Length > 0 || files.Contains(entry.File))
                Add(entry);
    }

    public void Add(ShardIndexEntry entry)
    {
        byClip.Add(new(folder, entry));
        if (entry.Problem.Length == 0)
            byKey[entry.Key] = entry;
    }

    /// <summary>
    /// The entry of the same channel of a recording of the same size and time; null if it must be read.
    /// </summary>
    public ShardIndexEntry? FindUnchanged(ShardIndexEntry entry) =>
        FindFrames(entry) is { } stored && stored.Bytes == entry.Bytes && stored.ModifiedTicks == entry.ModifiedTicks
            ? stored
            : null;

    /// <summary>
    /// The entry of the same channel of the recording, whatever it is now; null if there are no frames.
    /// </summary>
    public ShardIndexEntry? FindFrames(ShardIndexEntry entry) =>
        Find(entry)?.Newest.Entry is { Problem.Length: 0 } stored
        && stored.Channel == entry.Channel
        && IsUsable(stored, entry.Label)
            ? stored
            : null;

    /// <summary>An entry with frames of the same samples; null if they must be encoded.</summary>
    public ShardIndexEntry? FindEqualSamples(ShardIndexEntry entry) =>
        byKey.GetValueOrDefault(entry.Key) is { } stored
        && (format == StoreFormat.Store || stored.Clip == entry.Clip)
        && IsUsable(stored, entry.Label)
            ? stored
            : null;

    private bool IsNamed(string id, ClipEntries clip, ShardIndexEntry entry)
    {
        if (id == ShardIndexEntry.UnknownSource)
            return (clip.Find(id, folder) ?? clip.Merge()).HasValuesOf(entry);
        return clip.Find(id, folder) is { } previous
            && previous.NamingSources.Contains(id)
            && previous.HasValuesOf(entry);
    }

    // An .npz file belongs to one clip and holds its label.
    private bool IsUsable(ShardIndexEntry entry, string? label) =>
        format == StoreFormat.Store || Find(entry)?.Merge().Label == label;
}
