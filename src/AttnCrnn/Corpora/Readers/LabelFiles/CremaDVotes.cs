using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// What listeners of CREMA-D heard in the sound alone: their votes (<c>tabulatedVotes.csv</c>, whose row numbers begin
/// with 1 for the sound, 2 for the face and 3 for both) and their majority (<c>summaryTable.csv</c>).
/// </summary>
internal static class CremaDVotes
{
    private const char SoundAlone = '1'; // in the first column, which has no name

    private static readonly Dictionary<string, string> Labels = new()
    {
        ["a"] = "angry",
        ["d"] = "disgust",
        ["f"] = "fearful",
        ["h"] = "happy",
        ["n"] = "neutral",
        ["s"] = "sad",
    };

    /// <summary>Adds the votes, and replaces the acted labels if those that were heard are asked for.</summary>
    /// <exception cref="InvalidFileException">A table is invalid.</exception>
    /// <exception cref="InvalidInputException">Heard labels are asked for, without summaryTable.csv.</exception>
    public static CorpusClips Add(CorpusFolder folder, CorpusClips corpus, LabelKind kind)
    {
        List<string> notices = [.. corpus.Notices];
        var votes = ReadVotes(folder);
        Clip[] clips =
        [
            .. corpus.Clips.Select(clip => clip with { Votes = votes.GetValueOrDefault(GetId(clip.Path)) }),
        ];
        if (kind == LabelKind.Perceived)
            clips = ReplaceLabels(folder, clips, notices);
        else if (votes.Count > 0)
            notices.Add(
                $"the labels of {clips.Length} clips of CREMA-D are the emotions that were acted; "
                    + $"{clips.Count(clip => clip.Votes is { } vote && vote.Majority != clip.Label)} of them are not "
                    + "what most listeners heard in the sound"
            );
        return new(clips, notices);
    }

    private static Clip[] ReplaceLabels(CorpusFolder folder, Clip[] clips, List<string> notices)
    {
        var heard = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var table in FindTables(folder, "summaryTable.csv"))
        foreach (var row in table.Rows)
            heard[GetId(row["filename"])] = Labels.GetValueOrDefault(row["voicevote"].ToLowerInvariant());
        if (heard.Count == 0)
            throw new InvalidInputException(
                folder.Path,
                "the labels that listeners heard are in processedResults/summaryTable.csv of CREMA-D's repository, "
                    + "which is not here: add it"
            );
        Clip[] replaced = [.. clips.Select(clip => clip with { Label = heard.GetValueOrDefault(GetId(clip.Path)) })];
        notices.Add(
            $"the labels of {replaced.Count(clip => clip.Label is not null)} clips of CREMA-D are what most listeners "
                + $"heard in the sound; {replaced.Count(clip => clip.Label is null)} without a majority have none"
        );
        return replaced;
    }

    private static Dictionary<string, LabelVotes> ReadVotes(CorpusFolder folder)
    {
        var votes = new Dictionary<string, LabelVotes>(StringComparer.OrdinalIgnoreCase);
        foreach (var path in FindFiles(folder, "tabulatedVotes.csv"))
        foreach (var row in CsvTable.Read(path).Rows.Where(row => row.Values[0].StartsWith(SoundAlone)))
        {
            var cells = new CsvCells(path, row, "a number of votes", "get the table again from CREMA-D's repository");
            LabelVote[] counts =
            [
                .. Labels.Select(label => new LabelVote(label.Value, cells.Parse(label.Key, ParseCount))),
            ];
            if (counts.Any(vote => vote.Count > 0))
                votes[GetId(row["filename"])] = new(counts);
        }
        return votes;
    }

    private static double ParseCount(string cell) =>
        cell.Length == 0 ? 0 : int.Parse(cell, NumberStyles.None, CultureInfo.InvariantCulture);

    private static IEnumerable<CsvTable> FindTables(CorpusFolder folder, string name) =>
        FindFiles(folder, name).Select(CsvTable.Read);

    private static IEnumerable<string> FindFiles(CorpusFolder folder, string name) =>
        folder.Files.Where(path => Path.GetFileName(path) == name);

    private static string GetId(string path) => Path.GetFileNameWithoutExtension(path);
}
