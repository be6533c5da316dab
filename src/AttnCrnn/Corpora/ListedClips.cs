using AttnCrnn.Audio;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora;

/// <summary>Clips as sources list them, some of them more than once.</summary>
internal static class ListedClips
{
    /// <summary>
    /// Each clip once, with each value of the first listing that gives it; says how many are listed more than once.
    /// </summary>
    /// <param name="sources">The sources, in which the lines of a contradiction are looked for.</param>
    /// <exception cref="InvalidInputException">
    /// A clip is listed with different labels, speakers or subsets, and <paramref name="conflict"/> refuses that.
    /// </exception>
    public static IReadOnlyList<Clip> CountOnce(
        IReadOnlyList<Clip> clips,
        LabelConflict conflict,
        List<string> notices,
        IReadOnlyList<string> sources
    )
    {
        var clipsOnce = clips.GroupBy(clip => clip.Identity).ToList();
        if (clipsOnce.Count == clips.Count)
            return clips;
        var repeated = clipsOnce.Where(listed => listed.Skip(1).Any()).ToList();
        var contradicting = repeated.Where(listed => DescribeContradiction(listed) is not null).ToList();
        if (contradicting.Count > 0)
            Resolve(contradicting, conflict, notices, sources);
        Clip[] merged = [.. clipsOnce.Select(Merge)];
        if (repeated.Count > contradicting.Count)
            notices.Add(
                $"{repeated.Count - contradicting.Count} clips are listed more than once (for example "
                    + $"{repeated.First(listed => DescribeContradiction(listed) is null).First().Path}); duplicates "
                    + $"are ignored{DescribeFilled(clipsOnce, merged)}"
            );
        return merged;
    }

    // A value that one listing lacks is none that contradicts another.
    private static string? DescribeContradiction(IEnumerable<Clip> listed) =>
        FindSeveral(listed, clip => clip.Label) is { } labels ? $"with {labels}"
        : FindSeveral(listed, clip => clip.Speaker) is { } speakers ? $"of speakers {speakers}"
        : FindSeveral(listed, GetSplit) is { } subsets ? $"in {subsets}"
        : null;

    private static string? FindSeveral(IEnumerable<Clip> listed, Func<Clip, string?> get)
    {
        string[] values = [.. listed.Select(get).OfType<string>().Distinct()];
        return values.Length > 1 ? string.Join(" and ", values) : null;
    }

    private static string? GetSplit(Clip clip) => clip.Split is null ? null : Manifest.GetName(clip.Split);

    private static Clip Merge(IEnumerable<Clip> listed) =>
        listed.Aggregate(
            (first, other) =>
                first with
                {
                    Label = first.Label ?? other.Label,
                    Speaker = first.Speaker ?? other.Speaker,
                    Split = first.Split ?? other.Split,
                    Sex = first.Sex ?? other.Sex,
                    Session = first.Session ?? other.Session,
                    Votes = first.Votes ?? other.Votes,
                }
        );

    private static string DescribeFilled(
        List<IGrouping<(string, double?, double?, AudioChannel?), Clip>> listed,
        Clip[] merged
    )
    {
        (string Name, Func<Clip, object?> Get)[] fields =
        [
            ("label", clip => clip.Label),
            ("speaker", clip => clip.Speaker),
            ("subset", clip => clip.Split),
            ("sex", clip => clip.Sex),
            ("session", clip => clip.Session),
            ("votes", clip => clip.Votes),
        ];
        var counts = fields
            .Select(field =>
                (field.Name, Count: merged.Index().Count(clip => IsFilled(listed[clip.Index], clip.Item, field.Get)))
            )
            .Where(field => field.Count > 0)
            .Select(field => $"{field.Name} of {field.Count} clips")
            .ToList();
        return counts.Count == 0
            ? ""
            : $", but for values that one of them lacks: {string.Join(", ", counts)} are taken from the other";
    }

    private static bool IsFilled(IEnumerable<Clip> listed, Clip merged, Func<Clip, object?> get) =>
        get(merged) is not null && listed.Any(clip => get(clip) is null);

    private static void Resolve(
        List<IGrouping<(string, double?, double?, AudioChannel?), Clip>> contradicting,
        LabelConflict conflict,
        List<string> notices,
        IReadOnlyList<string> sources
    )
    {
        var first = contradicting[0];
        var places = ManifestLines.Find(sources, first.First());
        var found = $"{first.First().Path} {DescribeContradiction(first)}{(places.Length > 0 ? $" ({places})" : "")}";
        if (conflict == LabelConflict.Refuse)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{contradicting.Count} clips are listed with different labels, speakers or subsets, for example "
                        + $"{found}: correct the sources, or use the first of each ({OptionKeys.Keep} first)"
                )
            );
        notices.Add(
            $"{contradicting.Count} clips are listed with different labels, speakers or subsets, for example {found}; "
                + $"the first of each clip is used"
        );
    }
}
