using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.IO;

namespace AttnCrnn.Runs;

/// <summary>A clip of a training or validation set, without its name: hashes of 16 hexadecimal digits.</summary>
/// <param name="Frames">Of its samples and encoder: equal for a renamed copy.</param>
/// <param name="Clip">Of its path and segment: equal in another precision of the store.</param>
/// <param name="Speaker">Of its speaker's name; empty if unknown.</param>
/// <param name="Corpus">
/// Name of its known corpus, which is no secret; empty for another recording; null in a file of an earlier version.
/// </param>
internal readonly record struct SeenClip(Subset Subset, string Frames, string Clip, string Speaker, string? Corpus)
{
    private const int Digits = 16;

    public static SeenClip Create(StoredClip clip, Subset subset) =>
        new(
            subset,
            HashFrames(clip),
            Hash(
                StoredPath.Format(new ClipKey(clip.Path, clip.StartSeconds, clip.EndSeconds, clip.Channel).ToString())
            ),
            clip.Speaker is { } speaker ? Hash(speaker) : "",
            clip.Speaker is { } name ? KnownCorpora.FindOfSpeaker(name)?.Name ?? "" : ""
        );

    /// <summary><see cref="Frames"/> of a clip.</summary>
    public static string HashFrames(StoredClip clip) => Hash(clip.Key);

    private static string Hash(string text) => Sha256.Compute(text)[..Digits];
}

/// <summary>
/// The clips that a model was trained and validated on, in <c>training_clips.csv</c> beside it. It has hashes and
/// the names of known corpora, so that a model folder names no recording and no speaker.
/// </summary>
internal static class TrainingClipsFile
{
    public const string FileName = "training_clips.csv";

    private const string TrainName = "train";
    private const string ValidationName = "val";
    private const string CorpusColumn = "corpus";
    private static readonly string[] RequiredColumns = ["subset", "frames", "clip", "speaker"];

    /// <summary>The clips of a split's training and validation sets, in the order of the store.</summary>
    public static IEnumerable<SeenClip> List(FeatureStore store, DatasetSplit split) =>
        split
            .Subsets.Index()
            .Where(clip => clip.Item is Subset.Train or Subset.Validation)
            .Select(clip => SeenClip.Create(store.Clips[clip.Index], clip.Item!.Value));

    /// <summary>Writes the file into a model folder, atomically.</summary>
    public static void Write(string folder, IEnumerable<SeenClip> clips) =>
        CsvTable.Write(
            Path.Combine(folder, FileName),
            [.. RequiredColumns, CorpusColumn],
            clips.Select(clip =>
                (IReadOnlyList<string>)
                    [
                        clip.Subset == Subset.Train ? TrainName : ValidationName,
                        clip.Frames,
                        clip.Clip,
                        clip.Speaker,
                        clip.Corpus ?? "",
                    ]
            )
        );

    /// <summary>Reads the file of a model folder; null if there is none.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static IReadOnlyList<SeenClip>? Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var table = CsvTable.Read(path);
        if (RequiredColumns.FirstOrDefault(column => !table.Columns.Contains(column)) is { } missing)
            throw new InvalidFileException(
                path,
                0,
                $"columns {string.Join(", ", table.Columns)}",
                $"'{missing}' among them",
                "remove the file"
            );
        var hasCorpora = table.Columns.Contains(CorpusColumn);
        return
        [
            .. table.Rows.Select(row => new SeenClip(
                row["subset"] == TrainName ? Subset.Train : Subset.Validation,
                row["frames"],
                row["clip"],
                row["speaker"],
                hasCorpora ? row[CorpusColumn] : null
            )),
        ];
    }
}
