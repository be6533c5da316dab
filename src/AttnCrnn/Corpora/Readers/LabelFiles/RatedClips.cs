namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>A clip of a label file, with the categories of each rater.</summary>
/// <param name="Label">Null if the raters do not agree.</param>
internal sealed record RatedClip(string? Label, List<IReadOnlyList<string>> Raters);

/// <summary>
/// The label files of MSP-IMPROV and MSP-Podcast: a line <c>NAME.avi; N; A:3.2; …</c> for each clip with its label,
/// and one for each rater, <c>RATER; Neutral; Neutral,Other; …</c>, whose second cell is the chosen category.
/// </summary>
internal static class RatedClips
{
    /// <summary>Adds the clips of a file.</summary>
    /// <param name="prefix">With which the names of clips begin; names are without it and without extension.</param>
    /// <param name="labels">Labels by their codes.</param>
    /// <exception cref="InvalidFileException">A line is invalid.</exception>
    public static void Read(
        string path,
        string prefix,
        IReadOnlyDictionary<string, string?> labels,
        Dictionary<string, RatedClip> clips
    )
    {
        RatedClip? clip = null;
        foreach (var line in LabelLines.Read(path))
        {
            var cells = line.Text.Split(';', StringSplitOptions.TrimEntries);
            if (line.Text.StartsWith(prefix, StringComparison.Ordinal))
            {
                clip = new(ParseLabel(path, line, cells, labels), []);
                clips[Path.GetFileNameWithoutExtension(cells[0])[prefix.Length..]] = clip;
            }
            else if (cells.Length > 2 && cells[1].Length > 0)
                clip?.Raters.Add([cells[1]]);
        }
    }

    private static string? ParseLabel(
        string path,
        LabelLine line,
        string[] cells,
        IReadOnlyDictionary<string, string?> labels
    ) =>
        cells.Length > 1 && labels.TryGetValue(cells[1], out var label)
            ? label
            : throw LabelFileReader.CreateLineError(
                path,
                line.Number,
                line.Text,
                $"NAME; LABEL; with one of the labels {string.Join(", ", labels.Keys)}"
            );
}
