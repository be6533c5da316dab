using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// MSP-Podcast: turns of podcasts, <c>MSP-PODCAST_0001_0008.wav</c>, with labels, speakers and the official split in
/// <c>labels_consensus.csv</c> and the raters' categories in <c>labels.txt</c>. Test1 is the test set: Test2 shares
/// speakers with it, and Test3 has no labels.
/// </summary>
internal sealed partial class MspPodcastReader : LabelFileReader
{
    private const string Prefix = "MSP-PODCAST_";

    private static readonly Dictionary<string, string?> Labels = new()
    {
        ["A"] = "angry",
        ["S"] = "sad",
        ["H"] = "happy",
        ["U"] = "surprised",
        ["F"] = "fearful",
        ["D"] = "disgust",
        ["C"] = "contempt",
        ["N"] = "neutral",
        ["O"] = "other",
        ["X"] = null, // the raters do not agree
        [""] = null,
    };

    private static readonly Dictionary<string, Subset?> Subsets = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Train"] = Subset.Train,
        ["Development"] = Subset.Validation,
        ["Validation"] = Subset.Validation,
        ["Test"] = Subset.Test,
        ["Test1"] = Subset.Test,
        ["Test2"] = null,
        ["Test3"] = null,
        [""] = null,
    };

    /// <summary>Labels of the codes of EmoClass; null: none.</summary>
    public static IReadOnlyDictionary<string, string?> Codes => Labels;

    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "MSP-Podcast",
                "R. Lotfian and C. Busso: Building Naturalistic Emotionally Balanced Speech Corpus by Retrieving "
                    + "Emotional Speech From Existing Podcast Recordings. IEEE Transactions on Affective Computing "
                    + "10(4), 471-483, 2019.",
                "research only, license agreement"
            ),
            License = LicenseKind.ResearchOnRequest,
            Speakers = null, // more in every release
            Labels = ["angry", "contempt", "disgust", "fearful", "happy", "neutral", "other", "sad", "surprised"],
            HasVotes = true,
            Languages = ["English"],
            OfficialSplit =
                "Train, Development and Test1 have different speakers; Test2 has some of Test1 and is left out",
            Protocols = [new("official", "Train, Development (or Validation) and Test1, as published")],
        };

    public override CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        List<string> notices = [];
        var recordings = FindRecordings(folder, notices);
        var rows = ReadConsensus(folder);
        var ratings = ReadRatings(folder);
        Clip[] clips =
        [
            .. recordings.Select(recording =>
                CreateClip(recording, rows.GetValueOrDefault(recording.Id), ratings.GetValueOrDefault(recording.Id))
            ),
        ];
        var withoutSubset = clips.Count(clip => clip.Split is null);
        if (rows.Count > 0 && withoutSubset > 0)
            notices.Add(
                $"{withoutSubset} of {clips.Length} clips of {Name} are in none of Train, Development and Test1, and "
                    + "have no subset"
            );
        AddCounts(
            clips,
            [.. recordings.Where(recording => !rows.ContainsKey(recording.Id))],
            [.. rows.Keys.Except(recordings.Select(recording => recording.Id))],
            notices
        );
        return new(clips, notices);
    }

    protected override string? Identify(string path, CorpusFolder folder)
    {
        var match = ClipPattern().Match(Path.GetFileNameWithoutExtension(path));
        return match.Success ? match.Groups["id"].Value : null;
    }

    protected override string DescribeLabelFile(string id) => "labels_consensus.csv";

    // Spelled so up to release 1.8 or so.
    protected override bool IsLabelFile(string path) =>
        Path.GetFileName(path) is "labels_consensus.csv" or "labels_concensus.csv";

    private Dictionary<string, Row> ReadConsensus(CorpusFolder folder)
    {
        var rows = new Dictionary<string, Row>();
        foreach (var file in folder.Files.Where(IsLabelFile))
        {
            var table = CsvTable.Read(file);
            if (!table.Columns.Contains("filename") || !table.Columns.Contains("emoclass"))
                throw new InvalidFileException(
                    file,
                    0,
                    $"columns {string.Join(", ", table.Columns)}",
                    "FileName and EmoClass among them",
                    "get the file again from the corpus"
                );
            foreach (var row in table.Rows)
                rows[GetId(row["filename"])] = ParseRow(file, row);
        }
        return rows;
    }

    private static Row ParseRow(string path, CsvRow row)
    {
        var cells = new CsvCells(path, row, "a value of MSP-Podcast", "correct the line");
        return new(
            cells.Parse("emoclass", cell => Find(Labels, cell)),
            row["spkrid"] is "" or "Unknown" ? null : row["spkrid"],
            row["gender"] is "Female" or "Male" ? row["gender"].ToLowerInvariant() : null,
            cells.Parse("split_set", cell => Find(Subsets, cell))
        );
    }

    private static TValue Find<TValue>(Dictionary<string, TValue> values, string cell) =>
        values.TryGetValue(cell, out var value) ? value : throw new FormatException(cell);

    private static Dictionary<string, RatedClip> ReadRatings(CorpusFolder folder)
    {
        var ratings = new Dictionary<string, RatedClip>();
        foreach (var file in folder.Files.Where(path => Path.GetFileName(path) == "labels.txt"))
            RatedClips.Read(file, Prefix, Labels, ratings);
        return ratings;
    }

    private static Clip CreateClip((string Path, string Id) recording, Row? row, RatedClip? rated) =>
        new(recording.Path, row?.Label, row?.Speaker is { } speaker ? $"msppodcast_{speaker}" : null, row?.Subset)
        {
            Sex = row?.Sex,

            Votes = rated is null ? null : RaterCategories.Count(rated.Raters),
        };

    private static string GetId(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }

    [GeneratedRegex(@"^MSP-PODCAST_(?<id>\d{4}_\d{4}(?:_\d{4})?)$", RegexOptions.CultureInvariant)]
    private static partial Regex ClipPattern();

    private sealed record Row(string? Label, string? Speaker, string? Sex, Subset? Subset);
}
