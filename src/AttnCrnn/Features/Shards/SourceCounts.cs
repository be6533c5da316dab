using AttnCrnn.Corpora;
using AttnCrnn.Options;

namespace AttnCrnn.Features.Shards;

/// <summary>How many clips come from which source, where there are several or one does not exist any more.</summary>
internal sealed class SourceCounts
{
    private const int MaxNamed = 10;

    // By identifier; unshared clips are in no other source.
    private readonly Dictionary<string, (int Clips, int Unshared)> counts = [];
    private readonly IReadOnlyDictionary<string, string> paths;

    private SourceCounts(IReadOnlyDictionary<string, string> paths) => this.paths = paths;

    /// <summary>A sentence; null if all clips are of one source, which exists.</summary>
    /// <param name="clips">Clips that a source names.</param>
    /// <param name="paths">Paths of sources by identifier.</param>
    public static OptionText? Describe(IReadOnlyList<ClipEntries> clips, IReadOnlyDictionary<string, string> paths)
    {
        var counts = new SourceCounts(paths);
        foreach (var clip in clips)
            counts.Add([
                .. clip.Sources.Where(source => !clip.IsReplaced(source)).Select(source => source.Id).Distinct(),
            ]);
        return counts.Describe();
    }

    private void Add(string[] ids)
    {
        foreach (var id in ids)
        {
            var (clips, unshared) = counts.GetValueOrDefault(id);
            counts[id] = (clips + 1, unshared + (ids.Length == 1 ? 1 : 0));
        }
    }

    private OptionText? Describe()
    {
        var missing = counts.Keys.Where(IsMissing).ToHashSet();
        if (counts.Count < 2 && missing.Count == 0)
            return null;
        var sources = counts
            .OrderByDescending(source => missing.Contains(source.Key))
            .ThenBy(source => paths.GetValueOrDefault(source.Key, ""), StringComparer.Ordinal)
            .Select(source => Describe(source.Key, source.Value, missing.Contains(source.Key)))
            .ToList();
        var text =
            $"the clips come from {counts.Count} {(counts.Count == 1 ? "source" : "sources")}: "
            + ShortList.Format(sources, MaxNamed, "others");
        return missing.Count == 0
            ? text
            : OptionText.Create(
                $"{text}; a source that does not exist any more still gives its clips: to remove those that no other "
                    + $"names, extract the sources that are left with {OptionKeys.Prune}"
            );
    }

    private string Describe(string id, (int Clips, int Unshared) count, bool isMissing)
    {
        return $"{SourceNames.Describe(id, paths)} ({count.Clips} clips, {count.Unshared} of them in no other"
            + $"{(isMissing ? "; it does not exist any more" : "")})";
    }

    // On another machine, the folder does not exist either, which says nothing about the source.
    private bool IsMissing(string id) =>
        paths.TryGetValue(id, out var path) && !Path.Exists(path) && Directory.Exists(Path.GetDirectoryName(path));
}
