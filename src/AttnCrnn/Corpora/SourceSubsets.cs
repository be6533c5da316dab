using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora;

/// <summary>
/// The split of sources whose names differ only in the word of a subset: <c>x_train.csv</c> and <c>x_test.csv</c>.
/// </summary>
internal static partial class SourceSubsets
{
    /// <summary>Puts the clips of such sources into subsets, unless any of them is in one.</summary>
    /// <param name="sources">Absolute paths, with the clips of each.</param>
    public static void Apply(
        IReadOnlyList<(string Path, Range Clips)> sources,
        List<Clip> clips,
        CorpusReadOptions options,
        List<string> notices
    )
    {
        if (options.DisregardsSplits)
            return;
        foreach (var parts in sources.DistinctBy(source => source.Path).GroupBy(source => GetKey(source.Path)))
            if (FindSubsets([.. parts.Select(part => part.Path)]) is { } subsets)
                Assign([.. parts.Zip(subsets, (part, subset) => (part.Path, part.Clips, subset))], clips, notices);
    }

    private static void Assign(
        (string Path, Range Clips, Subset Subset)[] parts,
        List<Clip> clips,
        List<string> notices
    )
    {
        if (parts.Any(part => clips[part.Clips].Exists(clip => clip.Split is not null)))
            return;
        List<string> counts = [];
        var byName = parts.DistinctBy(part => Path.GetFileName(part.Path)).Count() == parts.Length;
        foreach (var (path, range, subset) in parts)
        {
            var (first, count) = range.GetOffsetAndLength(clips.Count);
            for (var i = first; i < first + count; i++)
                clips[i] = clips[i] with { Split = subset };
            counts.Add($"{(byName ? Path.GetFileName(path) : path)}: {count} clips, {Manifest.GetName(subset)}");
        }
        notices.Add(
            $"the names of the sources say their subsets ({string.Join("; ", counts)}): a column split in manifests "
                + $"changes that, and {NoticeText.Mark(OptionKeys.Protocol)} none makes no split"
        );
    }

    // Null if the paths do not differ, or in words of several subsets.
    private static Subset[]? FindSubsets(string[] paths)
    {
        var words = paths.Select(path => Words(path).Select(match => ManifestSplit.Find(match.Value)!.Value).ToArray());
        var subsets = words.ToArray();
        int[] different =
        [
            .. Enumerable.Range(0, subsets[0].Length).Where(i => subsets.Any(words => words[i] != subsets[0][i])),
        ];
        return different.Length > 0 && subsets.All(words => different.All(i => words[i] == words[different[0]]))
            ? [.. subsets.Select(words => words[different[0]])]
            : null;
    }

    private static string GetKey(string path) =>
        Word().Replace(path, match => ManifestSplit.Find(match.Value) is null ? match.Value : "*");

    private static IEnumerable<Match> Words(string path) =>
        Word().Matches(path).Where(match => ManifestSplit.Find(match.Value) is not null);

    // Of a path, between the separators of folders and names.
    [GeneratedRegex(@"[^-/\\._ ]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
