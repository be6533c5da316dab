using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// Folders of Hugging Face datasets (audiofolder): metadata.csv or metadata.jsonl, whose <c>file_name</c> is relative
/// to the table; folders named train, validation, test are the subsets.
/// </summary>
/// <remarks>https://huggingface.co/docs/datasets/audio_dataset</remarks>
internal sealed class AudioFolderLayout : IFolderReader
{
    // The same for all such folders: two that are read together may have a speaker in common, and none is split then.
    private const string SpeakerPrefix = "folder";
    private const string FileColumn = "file_name";

    private static readonly string[] TableNames = ["metadata.csv", "metadata.jsonl"];

    public string Name => "Hugging Face audiofolder";

    public bool Recognizes(CorpusFolder folder) =>
        folder.Recordings.Count > 0 && (FindTables(folder).Any() || FindParquet(folder).Any());

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var tables = FindTables(folder).ToList();
        ParquetTable.RefuseUnlessCopied(FindParquet(folder), tables, "metadata.csv", index: false);
        var clips = new LayoutClips(folder, Name, options);
        foreach (var table in tables.Select(LayoutTable.Read))
        {
            var column = table.Columns.FirstOrDefault(IsFileColumn)
                ?? throw new InvalidFileException(
                    table.Path,
                    0,
                    $"columns {string.Join(", ", table.Columns)}",
                    FileColumn,
                    "add a column with the paths of the recordings"
                );
            foreach (var row in table.Rows.Where(row => row[column].Length > 0))
                clips.Add(CreateRow(folder, table, row, row[column]));
        }
        return clips.Create($"{tables.Count} tables named metadata");
    }

    private static LayoutRow CreateRow(CorpusFolder folder, LayoutTable table, IO.CsvRow row, string recording)
    {
        var listed = table.CreateRow(row, recording, SpeakerPrefix);
        var path = Path.Combine(Path.GetDirectoryName(table.Path)!, recording);
        return listed with
        {
            Split = listed.Split
                ?? SubsetNames.FindInFolders(Path.GetRelativePath(folder.Path, path).Replace('\\', '/')),
        };
    }

    private static bool IsFileColumn(string column) =>
        column == FileColumn || column.EndsWith("_" + FileColumn, StringComparison.Ordinal);

    private static IEnumerable<string> FindTables(CorpusFolder folder) =>
        folder.Files.Where(file =>
            TableNames.Contains(Path.GetFileName(file)) && LayoutTable.BeginsWith(file, FileColumn)
        );

    private static IEnumerable<string> FindParquet(CorpusFolder folder) =>
        folder.Files.Where(file => Path.GetFileName(file) == "metadata.parquet");
}
