using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Writes clips as a table that <see cref="ManifestReader"/> reads.</summary>
internal static class ManifestWriter
{
    /// <summary>Seconds of speech of a clip, for people: readers ignore it.</summary>
    public const string SpeechColumn = "speech_s";

    private static readonly (string Name, Func<Clip, string> Format, bool Always)[] Columns =
    [
        ("label", clip => clip.Label ?? "", true),
        ("speaker", clip => clip.Speaker ?? "", true),
        ("split", clip => Manifest.GetName(clip.Split), true),
        ("start", clip => Format(clip.StartSeconds), true),
        ("end", clip => Format(clip.EndSeconds), true),
        ("channel", clip => clip.Channel?.ToString() ?? "", false),
        ("sex", clip => clip.Sex ?? "", false),
        ("session", clip => clip.Session ?? "", false),
        ("votes", clip => clip.Votes?.ToString() ?? "", false),
    ];

    /// <summary>Writes a table: tab-separated if the name ends in .tsv or .tab, otherwise with commas.</summary>
    /// <param name="speechSeconds">[clips]; null: no column.</param>
    /// <exception cref="InvalidInputException">
    /// The name is not one of a table, so that the file could not be read as a manifest.
    /// </exception>
    public static void Write(string path, IReadOnlyList<Clip> clips, IReadOnlyList<double?>? speechSeconds)
    {
        if (!ManifestFile.IsTable(path))
            throw new InvalidInputException(
                path,
                "this is not the name of a manifest: use one that ends in .csv or .tsv"
            );
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var columns = Columns
            .Where(column => column.Always || clips.Any(clip => column.Format(clip).Length > 0))
            .ToList();
        CsvTable.Write(
            path,
            [
                "path",
                .. columns.Select(column => column.Name),
                .. speechSeconds is null ? [] : (string[])[SpeechColumn],
            ],
            clips.Select(
                (clip, index) =>
                    (IReadOnlyList<string>)
                        [
                            StoredPath.Format(GetRelativePath(folder, clip.Path)),
                            .. columns.Select(column => column.Format(clip)),
                            .. speechSeconds is null ? [] : (string[])[FormatSpeech(speechSeconds[index])],
                        ]
            ),
            ManifestFile.GetDelimiter(path)
        );
    }

    private static string GetRelativePath(string folder, string file)
    {
        var relative = Path.GetRelativePath(folder, file);
        return relative.StartsWith("..", StringComparison.Ordinal) ? file : relative;
    }

    private static string FormatSpeech(double? seconds) =>
        seconds?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";

    private static string Format(double? seconds) => seconds?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
