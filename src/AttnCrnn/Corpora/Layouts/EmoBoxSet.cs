using AttnCrnn.Audio;
using AttnCrnn.Corpora.Layouts.Kaldi;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>A file with the clips of one subset of a fold.</summary>
/// <param name="SetFolder">Folder of the set.</param>
/// <param name="Fold">From 1.</param>
internal sealed record EmoBoxFoldFile(string Path, string SetFolder, int Fold, Subset Subset);

/// <summary>A set of EmoBox, such as savee: the files of its folds, its labels and its speakers.</summary>
internal sealed class EmoBoxSet
{
    private const int MaxMapBytes = 1 << 20;

    private readonly string folder;
    private readonly IReadOnlyList<EmoBoxFoldFile> files;
    private readonly Dictionary<string, string> labels = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> speakers = new(StringComparer.Ordinal);
    private readonly List<string> unmapped = [];

    private EmoBoxSet(string folder, IReadOnlyList<EmoBoxFoldFile> files)
    {
        this.folder = folder;
        this.files = files;
    }

    public string Name => Path.GetFileName(folder);

    /// <summary>Numbers of the folds, in order.</summary>
    public IReadOnlyList<int> Folds => [.. files.Select(file => file.Fold).Distinct().Order()];

    /// <summary>Labels of the clips that were read that the label map does not have.</summary>
    public IReadOnlyList<string> UnmappedLabels => unmapped;

    /// <summary>Reads what holds for all folds.</summary>
    /// <exception cref="InvalidFileException">The label map or the table of speakers is invalid.</exception>
    public static EmoBoxSet Read(string folder, IReadOnlyList<EmoBoxFoldFile> files)
    {
        var set = new EmoBoxSet(folder, files);
        set.ReadLabels();
        foreach (var entry in KaldiTable.Read(Path.Combine(folder, "data.seg.wrd.stm")))
        {
            // KEY 1 SPEAKER 0 END <…> EMO
            var parts = entry.Value.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length == 3)
                set.speakers[entry.Key] = parts[1];
        }
        return set;
    }

    /// <summary>Number of recordings that are there, of the set's first file.</summary>
    public int CountRecordings(RecordingFinder finder) =>
        files
            .Take(2)
            .SelectMany(ReadClips)
            .Count(clip => finder.Find(clip.Path, clip.Value.GetString("wav")) is not null);

    /// <summary>The clips of a fold.</summary>
    /// <exception cref="InvalidInputException">The set has no such fold.</exception>
    /// <exception cref="InvalidFileException">A line is invalid.</exception>
    public IReadOnlyList<LayoutRow> ReadFold(int fold)
    {
        if (!Folds.Contains(fold))
            throw new InvalidInputException(
                folder,
                OptionText.Create(
                    $"no fold {fold}: it has the folds {string.Join(", ", Folds)}, of which {OptionKeys.Protocol} "
                        + $"emobox:N selects one"
                )
            );
        return
        [
            .. files
                .Where(file => file.Fold == fold)
                .SelectMany(file => ReadClips(file).Select(clip => CreateRow(file, clip.Line, clip.Value))),
        ];
    }

    private static IEnumerable<(string Path, int Line, JsonCursor Value)> ReadClips(EmoBoxFoldFile file) =>
        LayoutTable.ReadJsonLines(file.Path).Select(clip => (file.Path, clip.Line, clip.Value));

    private LayoutRow CreateRow(EmoBoxFoldFile file, int line, JsonCursor clip)
    {
        var key = clip.GetString("key");
        var channel = clip.GetInt32("channel", 1, AudioChannel.MaxNumber, defaultValue: 1);
        return new(file.Path, line, clip.GetString("wav"))
        {
            Label = MapLabel(clip.GetString("emo")),
            Speaker = speakers.TryGetValue(key, out var speaker) ? $"{Name}_{speaker}" : null,
            Split = file.Subset,
            StartSeconds = clip.Contains("start_time") ? clip.GetDouble("start_time") : null,
            EndSeconds = clip.Contains("end_time") ? clip.GetDouble("end_time") : null,
            Channel = channel > 1 ? channel : null,
        };
    }

    private string MapLabel(string emotion)
    {
        if (labels.TryGetValue(emotion, out var label))
            return label;
        if (labels.Count > 0 && !unmapped.Contains(emotion))
            unmapped.Add(emotion);
        return emotion;
    }

    private void ReadLabels()
    {
        var path = ((string[])["label_map.json", "label_dict.json"])
            .Select(name => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (path is null)
            return;
        var map = new JsonSource(path, "EmoBox' map of labels", "download it again").Read(MaxMapBytes);
        foreach (var (name, label) in map.Fields)
            labels[name] = label.RequireString();
    }
}
