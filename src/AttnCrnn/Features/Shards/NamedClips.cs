using AttnCrnn.Audio;
using AttnCrnn.Corpora;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// The clips that the sources of an extraction name, and what each source says of them. A source replaces what it said
/// before, and nothing that another source says.
/// </summary>
internal sealed class NamedClips
{
    private readonly HashSet<(string, double?, double?, AudioChannel?)> named;
    private readonly Dictionary<(string, double?, double?, AudioChannel?), List<(string Id, Clip Clip)>> valuesOfClip =
    [];
    private readonly Dictionary<string, string> paths = []; // by identifier

    /// <param name="clips">The clips of the extraction.</param>
    /// <param name="sources">Its sources; empty if they are not known, so that entries record none.</param>
    public NamedClips(IReadOnlyList<Clip> clips, IReadOnlyList<CorpusSource> sources)
    {
        named = [.. clips.Select(clip => clip.Identity)];
        foreach (var source in sources)
        {
            var id = SourceIds.Create(source.Path);
            paths[id] = source.Path;
            foreach (var clip in source.Clips)
            {
                if (!valuesOfClip.TryGetValue(clip.Identity, out var ofClip))
                    valuesOfClip[clip.Identity] = ofClip = new(1);
                ofClip.Add((id, clip));
            }
        }
    }

    /// <summary>The paths of the sources, by identifier.</summary>
    public IReadOnlyDictionary<string, string> Paths => paths;

    /// <summary>Whether a source names the clip of an entry.</summary>
    public bool Contains(ShardIndexEntry entry) => named.Contains(entry.Clip);

    /// <summary>Whether this is a source of the extraction.</summary>
    public bool IsSource(string id) => paths.ContainsKey(id);

    /// <summary>What is to be written of a clip: an entry for each set of values that sources give it.</summary>
    /// <param name="entry">The clip's frames, and its values if the sources are not known.</param>
    /// <param name="stored">What the store has of the clip; null for nothing.</param>
    public IReadOnlyList<ShardIndexEntry> CreateEntries(ShardIndexEntry entry, ClipEntries? stored)
    {
        if (!valuesOfClip.TryGetValue(entry.Clip, out var sources))
            return
            [
                entry with
                {
                    Sources = null,

                    DroppedBy = "",
                },
            ];
        var entries = new List<(ShardIndexEntry Entry, List<string> Ids)>(1);
        foreach (var (id, clip) in sources)
        {
            var ofSource = entry.WithValuesOf(ShardIndexEntry.FromClip(clip, entry.Synthetic));
            var equal = entries.FindIndex(other => other.Entry.HasValuesOf(ofSource));
            if (equal < 0)
                entries.Add((ofSource, [id]));
            else
                entries[equal].Ids.Add(id);
        }
        var dropped = SourceIds.Format(ListNaming(stored).Except(sources.Select(source => source.Id)));
        return
        [
            .. entries.Select(
                (item, index) =>
                    item.Entry with
                    {
                        Sources = SourceIds.Format(item.Ids),

                        DroppedBy = index == 0 ? dropped : "",
                    }
            ),
        ];
    }

    /// <summary>
    /// What is to be written of a stored clip that this extraction does not name: that its sources do not any more;
    /// null if they never did.
    /// </summary>
    public ShardIndexEntry? CreateDropped(ClipEntries stored)
    {
        var dropped = SourceIds.Format(ListNaming(stored));
        return dropped.Length == 0
            ? null
            : stored.Newest.Entry with
            {
                Sources = "",

                DroppedBy = dropped,
            };
    }

    /// <summary>The entries of a clip that stay when the sources of this extraction are all that there are.</summary>
    public IReadOnlyList<ShardIndexEntry> Restate(ClipEntries stored)
    {
        if (paths.Count == 0)
            return [stored.Merge()];
        return
        [
            .. stored
                .Sources.Where(source => IsSource(source.Id))
                .GroupBy(source => source.Entry)
                .Select(sources =>
                    stored.Newest.Entry.WithValuesOf(sources.Key) with
                    {
                        WrittenTicks = sources.Key.WrittenTicks,
                        Sources = SourceIds.Format(sources.Select(source => source.Id)),
                        DroppedBy = "",
                    }
                ),
        ];
    }

    // The sources of this extraction that name the clip in the store.
    private IEnumerable<string> ListNaming(ClipEntries? stored) =>
        (stored?.Sources ?? []).Select(source => source.Id).Where(IsSource);
}
