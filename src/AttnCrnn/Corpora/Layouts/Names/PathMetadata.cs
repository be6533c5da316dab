using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>Labels and speakers that the user's patterns find in paths, in place of those of a reader.</summary>
internal sealed class PathMetadata
{
    private readonly PathPattern? labels;
    private readonly PathPattern? speakers;

    private PathMetadata(PathPattern? labels, PathPattern? speakers)
    {
        this.labels = labels;
        this.speakers = speakers;
    }

    /// <summary>The patterns of options.</summary>
    /// <exception cref="InvalidOptionsException">A pattern is invalid.</exception>
    public static PathMetadata Create(CorpusReadOptions options) =>
        new(
            options.LabelsFrom is { } labels ? PathPattern.Parse(labels, OptionKeys.LabelsFrom, "label") : null,
            options.SpeakersFrom is { } speakers
                ? PathPattern.Parse(speakers, OptionKeys.SpeakersFrom, "speaker")
                : null
        );

    /// <summary>The clips of a source with the labels and speakers of the patterns.</summary>
    /// <param name="source">The folder that is read; null: a recording or a table.</param>
    /// <param name="notices">Receives how many paths match.</param>
    /// <exception cref="InvalidInputException">No path matches.</exception>
    public IReadOnlyList<Clip> Apply(IReadOnlyList<Clip> clips, string? source, List<string> notices)
    {
        if (labels is null && speakers is null)
            return clips;
        var matches = clips.Select(clip => Find(clip, source)).ToList();
        Report(labels, OptionKeys.LabelsFrom, clips, [.. matches.Select(match => match.Label)], notices);
        Report(speakers, OptionKeys.SpeakersFrom, clips, [.. matches.Select(match => match.Speaker)], notices);
        return [.. clips.Select((clip, i) => Replace(clip, matches[i].Label, matches[i].Speaker))];
    }

    private (PathMatch? Label, PathMatch? Speaker) Find(Clip clip, string? source)
    {
        var path = (source is null ? clip.Path : Path.GetRelativePath(source, clip.Path)).Replace('\\', '/');
        return (labels?.Match(path, source is not null), speakers?.Match(path, source is not null));
    }

    private Clip Replace(Clip clip, PathMatch? label, PathMatch? speaker) =>
        clip with
        {
            Label =
                labels is not null ? label?.Label
                : speakers!.Names("label") ? speaker?.Label
                : clip.Label,
            Speaker =
                speakers is not null ? speaker?.Speaker
                : labels!.Names("speaker") ? label?.Speaker
                : clip.Speaker,
            Split = label?.Split ?? speaker?.Split ?? clip.Split,
            // Votes are for the label that is replaced.
            Votes = labels is null ? clip.Votes : null,
        };

    private static void Report(
        PathPattern? pattern,
        OptionKey key,
        IReadOnlyList<Clip> clips,
        IReadOnlyList<PathMatch?> matches,
        List<string> notices
    )
    {
        if (pattern is null || clips.Count == 0)
            return;
        var what = key == OptionKeys.LabelsFrom ? "label" : "speaker";
        if (pattern.IsNone)
        {
            notices.Add($"{NoticeText.Mark(key)}: {clips.Count} clips have no {what}, as asked for");
            return;
        }
        var matching = matches.Count(match => match is not null);
        var first = clips.Zip(matches).FirstOrDefault(pair => pair.Second is null).First?.Path;
        if (matching == 0)
            throw new InvalidInputException(
                OptionText.Create($"{key} {pattern.Text}: matches none of {clips.Count} paths, for example {first}")
            );
        var names = matches
            .Select(match => what == "label" ? match?.Label : match?.Speaker)
            .OfType<string>()
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        notices.Add(
            $"{NoticeText.Mark(key)} {pattern.Text}: {names.Count} {what}s of {matching} clips "
                + $"({string.Join(", ", names.Take(6))}"
                + $"{(names.Count > 6 ? ", …" : "")}) are from their paths"
                + (
                    first is null
                        ? ""
                        : $"; {clips.Count - matching} paths do not match and have none, for example {first}"
                )
        );
    }
}
