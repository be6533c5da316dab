using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// MELD: utterances of a television series, <c>train_splits/dia0_utt0.mp4</c>, with labels and speakers in
/// <c>train_sent_emo.csv</c>, <c>dev_sent_emo.csv</c> and <c>test_sent_emo.csv</c>. Numbers recur in the three parts:
/// the folder decides to which one a film belongs.
/// </summary>
internal sealed partial class MeldReader : LabelFileReader
{
    private const string CorrectedPrefix = "final_videos_test";

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["neutral"] = "neutral",
        ["joy"] = "happy",
        ["surprise"] = "surprised",
        ["anger"] = "angry",
        ["sadness"] = "sad",
        ["disgust"] = "disgust",
        ["fear"] = "fearful",
    };

    private static readonly (string Table, string Folder, Subset Subset)[] Parts =
    [
        ("train_sent_emo.csv", "train", Subset.Train),
        ("dev_sent_emo.csv", "dev", Subset.Validation),
        ("test_sent_emo.csv", "test", Subset.Test),
    ];

    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "MELD",
                "S. Poria, D. Hazarika, N. Majumder, G. Naik, E. Cambria and R. Mihalcea: MELD: A Multimodal "
                    + "Multi-Party Dataset for Emotion Recognition in Conversations. ACL 2019, 527-536.",
                "GPL-3.0 (tables); films for research only"
            ),
            License = LicenseKind.Research,
            Speakers = 304,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["English"],
            OfficialSplit = "train, dev and test; 69 of the 100 speakers of test are in train as well",
            Protocols = [new("official", "train, dev and test, as published")],
        };

    public override CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        List<string> notices = [];
        var recordings = PreferCorrected(FindRecordings(folder, notices), notices);
        var rows = new Dictionary<string, Row>();
        foreach (var file in folder.Files.Where(IsLabelFile))
            ReadTable(file, rows);
        Clip[] clips =
        [
            .. recordings.Select(recording => CreateClip(recording.Path, rows.GetValueOrDefault(GetRow(recording.Id)))),
        ];
        AddCounts(
            clips,
            [.. recordings.Where(recording => !rows.ContainsKey(GetRow(recording.Id)))],
            [.. rows.Keys.Except(recordings.Select(recording => GetRow(recording.Id)))],
            notices
        );
        return new(clips, notices);
    }

    // Other corpora may have such names.
    protected override bool IsRecognizedByNames => false;

    protected override string? Identify(string path, CorpusFolder folder)
    {
        var match = ClipPattern().Match(Path.GetFileNameWithoutExtension(path));
        return match.Success && FindSubset(path, folder) is { } subset
            ? $"{subset} {match.Groups["corrected"].Value}dia{match.Groups["dialogue"].Value}"
                + $"_utt{match.Groups["utterance"].Value}"
            : null;
    }

    protected override string DescribeLabelFile(string id) =>
        Parts.First(part => id.StartsWith($"{part.Subset} ", StringComparison.Ordinal)).Table;

    protected override bool IsLabelFile(string path) => Parts.Any(part => part.Table == Path.GetFileName(path));

    // The innermost folder that names a part; the folder of the corpus itself may be one.
    private static Subset? FindSubset(string path, CorpusFolder folder)
    {
        for (
            var parent = Path.GetDirectoryName(path);
            parent is not null && parent.Length >= folder.Path.Length;
            parent = Path.GetDirectoryName(parent)
        )
        {
            var name = Path.GetFileName(parent);
            foreach (var part in Parts)
                if (name.Contains(part.Folder, StringComparison.OrdinalIgnoreCase))
                    return part.Subset;
        }
        return null;
    }

    private static string GetRow(string id) => id.Replace(CorrectedPrefix, "", StringComparison.Ordinal);

    // Two authors report that final_videos_test… has the sound of the utterance where both films exist.
    private static IReadOnlyList<(string Path, string Id)> PreferCorrected(
        IReadOnlyList<(string Path, string Id)> recordings,
        List<string> notices
    )
    {
        var corrected = recordings
            .Where(recording => GetRow(recording.Id) != recording.Id)
            .Select(recording => GetRow(recording.Id))
            .ToHashSet(StringComparer.Ordinal);
        var replaced = recordings.Where(recording => corrected.Contains(recording.Id)).ToList();
        if (replaced.Count > 0)
            notices.Add(
                $"{replaced.Count} films (for example {replaced[0].Path}) are left out for the {CorrectedPrefix}… "
                    + "films of the same utterances"
            );
        return [.. recordings.Except(replaced)];
    }

    private static void ReadTable(string path, Dictionary<string, Row> rows)
    {
        var subset = Parts.First(part => part.Table == Path.GetFileName(path)).Subset;
        var table = CsvTable.Read(path);
        string[] needed = ["dialogue_id", "utterance_id", "speaker", "emotion"];
        if (needed.FirstOrDefault(column => !table.Columns.Contains(column)) is { } missing)
            throw new InvalidFileException(
                path,
                0,
                $"columns {string.Join(", ", table.Columns)}",
                $"{missing} among them",
                "get the file again from the corpus"
            );
        foreach (var row in table.Rows)
        {
            if (!Labels.TryGetValue(row["emotion"].ToLowerInvariant(), out var label))
                throw CreateLineError(path, row.Line, row["emotion"], $"one of {string.Join(", ", Labels.Keys)}");
            rows[$"{subset} dia{row["dialogue_id"]}_utt{row["utterance_id"]}"] = new(label, row["speaker"], subset);
        }
    }

    private static Clip CreateClip(string path, Row? row) =>
        new(path, row?.Label, row is { Speaker.Length: > 0 } ? $"meld_{row.Speaker}" : null, row?.Subset);

    [GeneratedRegex(
        @"^(?<corrected>final_videos_test)?dia(?<dialogue>\d+)_utt(?<utterance>\d+)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex ClipPattern();

    private sealed record Row(string Label, string Speaker, Subset Subset);
}
