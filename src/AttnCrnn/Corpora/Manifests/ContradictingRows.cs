using AttnCrnn.Audio;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO.Unicode;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Rows of one manifest that list the same clip with another label, speaker or split.</summary>
internal static class ContradictingRows
{
    /// <summary>The rows; of those that contradict an earlier row, none.</summary>
    /// <exception cref="InvalidInputException">
    /// There are such rows, and <paramref name="conflict"/> refuses them; the message has the lines of one.
    /// </exception>
    public static IReadOnlyList<ManifestRow> Resolve(
        string path,
        IReadOnlyList<ManifestRow> rows,
        LabelConflict conflict,
        List<string> notices
    )
    {
        Dictionary<(string, double?, double?, AudioChannel?), ManifestRow> first = [];
        List<(ManifestRow First, ManifestRow Later)> contradictions = [];
        foreach (var row in rows)
            if (!first.TryAdd(row.Clip.Identity, row) && Describe(first[row.Clip.Identity], row) is not null)
                contradictions.Add((first[row.Clip.Identity], row));
        if (contradictions.Count == 0)
            return rows;
        var example = contradictions[0];
        var found = Describe(example.First, example.Later);
        if (conflict == LabelConflict.Refuse)
            throw new InvalidInputException(
                path,
                OptionText.Create(
                    $"{CountLines(contradictions.Count)} an earlier one, for example lines {example.First.Line} "
                        + $"and {example.Later.Line}: {example.First.Clip.Path} is {found}: correct them, or use the "
                        + $"first line of each clip ({OptionKeys.Keep} first)"
                )
            );
        notices.Add(
            $"{Path.GetFileName(path)}: {CountLines(contradictions.Count)} an earlier one, for example lines "
                + $"{example.First.Line} and {example.Later.Line}: {example.First.Clip.Path} is {found}; the first "
                + "line of each clip is used"
        );
        var left = contradictions.Select(contradiction => contradiction.Later.Line).ToHashSet();
        return [.. rows.Where(row => !left.Contains(row.Line))];
    }

    private static string CountLines(int count) => count == 1 ? "1 line contradicts" : $"{count} lines contradict";

    // Null if they agree.
    private static string? Describe(ManifestRow first, ManifestRow later)
    {
        var a = first.Clip;
        var b = later.Clip;
        return !AreEqual(a.Label, b.Label) ? $"labeled {ShowLabel(a.Label)} and {ShowLabel(b.Label)}"
            : !AreEqual(a.Speaker, b.Speaker) ? $"of speaker {ShowSpeaker(a.Speaker)} and of {ShowSpeaker(b.Speaker)}"
            : a.Split != b.Split ? $"in {ShowSplit(a.Split)} and in {ShowSplit(b.Split)}"
            : null;
    }

    private static bool AreEqual(string? a, string? b) => a == b || GetKey(a) == GetKey(b);

    private static string? GetKey(string? name) =>
        name is null || MissingValue.MatchesName(name) ? null : NameText.GetKey(name);

    private static string ShowLabel(string? label) => GetKey(label) is null ? "without a label" : NameText.Show(label!);

    private static string ShowSpeaker(string? name) => GetKey(name) is null ? "no known one" : NameText.Show(name!);

    private static string ShowSplit(Subset? split) => split is null ? "no subset" : Manifest.GetName(split);
}
