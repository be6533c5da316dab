using AttnCrnn.Audio;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// The rule for a clip with several entries, in one index, several, or several folders: the newest is used.
/// </summary>
internal static class NewestEntries
{
    /// <summary>One entry per clip: the newest, of equally new ones the last.</summary>
    /// <param name="entries">Entries with their folders.</param>
    /// <returns>In the order of the folders, then by path, segment and channel.</returns>
    public static IReadOnlyList<(string Folder, ShardIndexEntry Entry)> Select(
        IEnumerable<(string Folder, ShardIndexEntry Entry)> entries
    )
    {
        var folders = new Dictionary<string, int>();
        var newest =
            new Dictionary<(string, double?, double?, AudioChannel?), (string Folder, ShardIndexEntry Entry)>();
        foreach (var (folder, entry) in entries)
        {
            folders.TryAdd(folder, folders.Count);
            if (!newest.TryGetValue(entry.Clip, out var previous) || previous.Entry.WrittenTicks <= entry.WrittenTicks)
                newest[entry.Clip] = (folder, entry);
        }
        return
        [
            .. newest
                .Values.OrderBy(item => folders[item.Folder])
                .ThenBy(item => item.Entry.Path, StringComparer.Ordinal)
                .ThenBy(item => item.Entry.Start ?? 0)
                .ThenBy(item => item.Entry.End ?? double.MaxValue)
                .ThenBy(item => item.Entry.ClipChannel?.ToString() ?? "", StringComparer.Ordinal),
        ];
    }
}
