using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// CMU-MOSEI as cut recordings with the table CMU_MOSEI_Labels.csv, as nkululeko's recipe has it; not the HDF5 files of
/// its SDK. One video is one speaker: who that is over videos is unknown.
/// </summary>
internal sealed class CmuMoseiLayout : IFolderReader
{
    private const string TableName = "CMU_MOSEI_Labels.csv";
    private const string Remedy = "correct the line, or download the table again";

    private static readonly string[] Required = ["file", "index", "label6", "split"];
    private static readonly string[] Labels = ["happy", "sad", "angry", "surprised", "disgust", "fearful"];

    public string Name => "CMU-MOSEI";

    public bool Recognizes(CorpusFolder folder) =>
        folder.Files.Any(file => Path.GetFileName(file) == TableName && LayoutTable.BeginsWith(file, "label6"));

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var table = LayoutTable.Read(folder.Files.First(file => Path.GetFileName(file) == TableName));
        if (Required.Except(table.Columns).FirstOrDefault() is { } column)
            throw new InvalidFileException(table.Path, 0, $"no column {column}", string.Join(", ", Required), Remedy);
        var recordings = folder
            .Recordings.GroupBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.Ordinal)
            .ToDictionary(paths => paths.Key, paths => paths.ToList(), StringComparer.Ordinal);
        var clips = new LayoutClips(folder, Name, options);
        foreach (var row in table.Rows)
        {
            var name = $"{row["file"]}_{row["index"]}";
            var paths = recordings.GetValueOrDefault(name, [name]);
            foreach (var path in paths)
                clips.Add(CreateRow(table, row, path));
        }
        clips.Notify(
            $"{folder.Path}: the speaker of a clip is its video; a person in several videos counts as several"
        );
        return clips.Create("label6 and split of its table");
    }

    private static LayoutRow CreateRow(LayoutTable table, CsvRow row, string recording)
    {
        var cells = new CsvCells(table.Path, row, "label6 from 0 to 5, and split 0, 1 or 2", Remedy);
        return new(table.Path, row.Line, recording)
        {
            Label = cells.Parse("label6", ParseLabel),
            Speaker = $"cmumosei_{row["file"]}",
            Split = cells.Parse("split", ParseSubset),
        };
    }

    private static string? ParseLabel(string cell) =>
        cell.Length == 0 ? null
        : int.TryParse(cell, out var code) && code >= 0 && code < Labels.Length ? Labels[code]
        : throw new FormatException(cell);

    private static Subset? ParseSubset(string cell) =>
        cell switch
        {
            "" => null,
            "0" => Subset.Train,
            "1" => Subset.Validation,
            "2" => Subset.Test,
            _ => throw new FormatException(cell),
        };
}
