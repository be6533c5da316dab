using AttnCrnn.Audio;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora;

/// <summary>Clips as sources list them, some of them more than once.</summary>
internal static class ListedClips
{
    /// <summary>Each clip once, as it is listed first; says how many are listed more than once.</summary>
    /// <param name="sources">The sources, in which the lines of a contradiction are looked for.</param>
    /// <exception cref="InvalidInputException">
    /// A clip is listed with different labels, and <paramref name="conflict"/> refuses that.
    /// </exception>
    public static IReadOnlyList<Clip> CountOnce(
        IReadOnlyList<Clip> clips,
        LabelConflict conflict,
        List<string> notices,
        IReadOnlyList<string> sources
    )
    {
        var repeated = clips.GroupBy(clip => clip.Identity).Where(listed => listed.Skip(1).Any()).ToList();
        if (repeated.Count == 0)
            return clips;
        var contradicting = repeated.Where(HasSeveralLabels).ToList();
        if (contradicting.Count > 0)
            Resolve(contradicting, conflict, notices, sources);
        if (repeated.Count > contradicting.Count)
            notices.Add(
                $"{repeated.Count - contradicting.Count} clips are listed more than once (for example "
                    + $"{repeated.First(listed => !HasSeveralLabels(listed)).First().Path}); duplicates are ignored"
            );
        return [.. clips.DistinctBy(clip => clip.Identity)];
    }

    private static bool HasSeveralLabels(IEnumerable<Clip> listed) =>
        listed.Select(clip => clip.Label).Distinct().Skip(1).Any();

    private static void Resolve(
        List<IGrouping<(string, double?, double?, AudioChannel?), Clip>> contradicting,
        LabelConflict conflict,
        List<string> notices,
        IReadOnlyList<string> sources
    )
    {
        var first = contradicting[0];
        var labels = string.Join(" and ", first.Select(clip => clip.Label ?? "no label").Distinct());
        var places = ManifestLines.Find(sources, first.First());
        var found = $"{first.First().Path} with {labels}{(places.Length > 0 ? $" ({places})" : "")}";
        if (conflict == LabelConflict.Refuse)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{contradicting.Count} clips are listed with different labels, for example {found}: "
                        + $"correct the sources, or use the first label ({OptionKeys.Keep} first)"
                )
            );
        notices.Add(
            $"{contradicting.Count} clips are listed with different labels, for example {found}; "
                + $"the first label of each is used"
        );
    }
}
