using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// The clips that the sources of an extraction name. An index entry has the identifiers of all sources that name its
/// clip: those of earlier extractions stay, until an extraction of the same source does not name the clip any more.
/// </summary>
internal sealed class NamedClips
{
    private const char Separator = ' ';
    private const int IdLength = 16; // hexadecimal digits

    private readonly HashSet<(string, double?, double?, AudioChannel?)> named;
    private readonly Dictionary<(string, double?, double?, AudioChannel?), List<string>> idsOfClip = [];
    private readonly HashSet<string> ids = [];

    /// <param name="clips">The clips of the extraction.</param>
    /// <param name="sources">Its sources; empty if they are unknown, so that the identifiers stay as they are.</param>
    public NamedClips(IReadOnlyList<Clip> clips, IReadOnlyList<CorpusSource> sources)
    {
        named = [.. clips.Select(clip => clip.Identity)];
        foreach (var source in sources)
        {
            var id = CreateId(source.Path);
            ids.Add(id);
            foreach (var clip in source.Clips.Select(member => member.Identity))
            {
                if (!idsOfClip.TryGetValue(clip, out var idsOfThis))
                    idsOfClip[clip] = idsOfThis = [];
                idsOfThis.Add(id);
            }
        }
    }

    /// <summary>Whether a source names the clip of an entry.</summary>
    public bool Contains(ShardIndexEntry entry) => named.Contains(entry.Clip);

    /// <summary>The identifiers of an entry after this extraction.</summary>
    /// <param name="entry">The entry of any clip.</param>
    /// <param name="previous">The identifiers of the clip's last entry; null if it has none.</param>
    public string? Update(ShardIndexEntry entry, string? previous)
    {
        if (ids.Count == 0)
            return previous;
        if (!Contains(entry))
            return previous is null ? null : Format(Parse(previous).Except(ids));
        var current = idsOfClip.GetValueOrDefault(entry.Clip) ?? [];
        return Format(Parse(previous ?? "").Except(ids).Concat(current));
    }

    // Short, as every entry has it, and without the names of the user's folders.
    private static string CreateId(string path) =>
        Sha256.Compute(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))[..IdLength];

    private static string[] Parse(string cell) => cell.Split(Separator, StringSplitOptions.RemoveEmptyEntries);

    private static string Format(IEnumerable<string> ids) =>
        string.Join(Separator, ids.Distinct().Order(StringComparer.Ordinal));
}
