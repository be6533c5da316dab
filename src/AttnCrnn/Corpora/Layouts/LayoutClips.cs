using AttnCrnn.Audio;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// Collects the clips that the tables of a layout list, each once, and says what was taken for what and what was left
/// out.
/// </summary>
/// <param name="folder">The folder that is read.</param>
/// <param name="layout">Name of the layout, for notices.</param>
/// <param name="options">Whether its subsets are used.</param>
internal sealed class LayoutClips(CorpusFolder folder, string layout, CorpusReadOptions options)
{
    private const int MaxNamedLabels = 12;

    private readonly RecordingFinder finder = new(folder);
    private readonly Dictionary<(string, double?, double?, AudioChannel?), (Clip Clip, LayoutRow Row)> listed = [];
    private readonly List<Clip> contradicting = [];
    private readonly Dictionary<string, string?> meanings = new(StringComparer.Ordinal);
    private readonly List<LayoutRow> missing = [];
    private readonly List<string> notices = [];

    /// <summary>Number of rows whose recordings are there.</summary>
    public int Count => listed.Count;

    /// <summary>Adds a notice behind the first one.</summary>
    public void Notify(string text) => notices.Add(text);

    /// <summary>Adds the clip of a row; one whose recording is missing is counted.</summary>
    /// <exception cref="InvalidFileException">The clip is listed in two subsets.</exception>
    public void Add(LayoutRow row)
    {
        if (finder.Find(row.Table, row.Recording) is not { } path)
        {
            missing.Add(row);
            return;
        }
        var clip = CreateClip(row, path);
        if (!listed.TryGetValue(clip.Identity, out var first))
            listed.Add(clip.Identity, (clip, row));
        else if (first.Clip.Label is not null && clip.Label is not null && first.Clip.Label != clip.Label)
            contradicting.Add(clip); // for the check of all sources, which refuses it or uses the first
        else
            listed[clip.Identity] = (Merge(first.Clip, clip, first.Row, row), first.Row);
    }

    /// <summary>The clips, by path, with the notices.</summary>
    /// <param name="summary">What was read, such as <c>2 metadata files</c>.</param>
    /// <exception cref="InvalidInputException">None of the recordings is there.</exception>
    public CorpusClips Create(string summary)
    {
        if (listed.Count == 0 && missing.Count > 0)
            throw new InvalidInputException(
                folder.Path,
                $"none of the {missing.Count} recordings that its tables list is there, for example "
                    + $"{InputFile.Quote(missing[0].Recording)} in line {missing[0].Line} of {missing[0].Table}: "
                    + "specify the folder from which the paths lead to the recordings"
            );
        Clip[] clips =
        [
            .. listed
                .Values.Select(entry => entry.Clip)
                .Concat(contradicting)
                .OrderBy(clip => clip.Path, StringComparer.Ordinal)
                .ThenBy(clip => clip.StartSeconds ?? 0),
        ];
        return new(clips, [Summarize(summary, clips), .. notices, .. DescribeLabels(clips), .. DescribeMissing(clips)]);
    }

    private Clip CreateClip(LayoutRow row, string path)
    {
        var text = row.Label?.Trim() ?? "";
        var label = text.Length == 0 ? null : EmotionWords.GetLabel(text);
        if (text.Length > 0)
            meanings[text] = label;
        return new(path, label, row.Speaker, row.Split, row.StartSeconds, row.EndSeconds)
        {
            Sex = row.Sex is { } sex ? SexName.Parse(sex) : null,
            Channel = row.Channel is { } channel ? AudioChannel.FromNumber(channel) : null,
        };
    }

    private static Clip Merge(Clip first, Clip second, LayoutRow firstRow, LayoutRow secondRow)
    {
        if (first.Split is not null && second.Split is not null && first.Split != second.Split)
            throw new InvalidFileException(
                secondRow.Table,
                null,
                $"{InputFile.Quote(secondRow.Recording)} in line {secondRow.Line} as "
                    + $"{Manifest.GetName(second.Split)}, and in {firstRow.Table} as {Manifest.GetName(first.Split)}",
                "each clip in one subset",
                "remove one of the lines, or read the tables one by one"
            );
        return first with
        {
            Label = first.Label ?? second.Label,
            Speaker = first.Speaker ?? second.Speaker,
            Split = first.Split ?? second.Split,
            Sex = first.Sex ?? second.Sex,
        };
    }

    private string Summarize(string summary, Clip[] clips)
    {
        var subsets = SubsetNames.Count(clips);
        var speakers = clips.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
        return $"{folder.Path}: read as {layout}, {summary}: {clips.Length} clips, "
            + $"{(speakers > 0 ? $"{speakers} speakers" : "speakers unknown")}, "
            + (
                subsets.Length == 0 ? "no subsets"
                : options.DisregardsSplits ? $"its subsets ({subsets}) are not used, as asked for"
                : $"subsets as listed there ({subsets})"
            );
    }

    private IEnumerable<string> DescribeLabels(Clip[] clips)
    {
        var changed = meanings
            .Where(pair => pair.Value is not null && pair.Value != pair.Key)
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{InputFile.Sanitize(pair.Key)}={pair.Value}")
            .ToList();
        if (changed.Count > 0)
            yield return $"{folder.Path}: {changed.Count} labels are read in this program's words: "
                + string.Join(", ", changed.Take(MaxNamedLabels))
                + (changed.Count > MaxNamedLabels ? ", …" : "");
        var unlabeled = clips.Count(clip => clip.Label is null);
        if (unlabeled > 0)
            yield return $"{folder.Path}: {unlabeled} clips have no label in its tables";
    }

    private IEnumerable<string> DescribeMissing(Clip[] clips)
    {
        if (missing.Count > 0)
            yield return $"{folder.Path}: {missing.Count} listed recordings are not there and are left out (for "
                + $"example {InputFile.Quote(missing[0].Recording)} in line {missing[0].Line} of {missing[0].Table})";
        var used = clips.Select(clip => clip.Path).ToHashSet(StringComparer.Ordinal);
        var unlisted = folder.Recordings.Where(path => !used.Contains(path)).ToList();
        if (unlisted.Count > 0)
            yield return $"{folder.Path}: {unlisted.Count} recordings are not listed there and are left out (for "
                + $"example {unlisted[0]})";
    }
}
