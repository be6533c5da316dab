using AttnCrnn.Audio;

namespace AttnCrnn.Features.Shards;

/// <summary>The entries of one or several folders, by clip.</summary>
internal sealed class EntriesByClip
{
    private readonly Dictionary<(string, double?, double?, AudioChannel?), ClipEntries> clips = [];
    private readonly Dictionary<string, int> folders = [];

    /// <summary>All clips, in no order.</summary>
    public IReadOnlyCollection<ClipEntries> Clips => clips.Values;

    /// <summary>
    /// All clips, in the order of the folders of their newest entries, then by path, segment and channel.
    /// </summary>
    public IReadOnlyList<ClipEntries> Ordered =>
        [
            .. clips
                .Values.OrderBy(clip => folders[clip.Newest.Folder])
                .ThenBy(clip => clip.Newest.Entry.Path, StringComparer.Ordinal)
                .ThenBy(clip => clip.Newest.Entry.Start ?? 0)
                .ThenBy(clip => clip.Newest.Entry.End ?? double.MaxValue)
                .ThenBy(clip => clip.Newest.Entry.ClipChannel?.ToString() ?? "", StringComparer.Ordinal),
        ];

    /// <summary>The entries of a folder or several.</summary>
    public static EntriesByClip Create(IEnumerable<FolderEntry> entries)
    {
        var byClip = new EntriesByClip();
        foreach (var entry in entries)
            byClip.Add(entry);
        return byClip;
    }

    /// <summary>The entries of a clip; null if there are none.</summary>
    public ClipEntries? Find(ShardIndexEntry entry) => clips.GetValueOrDefault(entry.Clip);

    /// <summary>Adds an entry; of equally new ones the last counts.</summary>
    public void Add(FolderEntry entry)
    {
        folders.TryAdd(entry.Folder, folders.Count);
        if (clips.TryGetValue(entry.Entry.Clip, out var clip))
            clip.Add(entry);
        else
            clips.Add(entry.Entry.Clip, new(entry));
    }
}
