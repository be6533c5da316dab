using AttnCrnn.Formats.Yaml;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Layouts;

/// <summary>
/// A checkpoint's folder with its small files, which families read to recognize it. Not thread-safe.
/// </summary>
internal sealed class CheckpointFolder
{
    private const int MaxJsonBytes = 1 << 20;
    private const string Remedy = "download the file again";

    // Several families may look at the same file.
    private readonly Dictionary<string, JsonCursor> documents = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, string Key), object> defaults = [];
    private readonly List<string> notices = [];

    private CheckpointFolder(string path, Checksums? checksums)
    {
        Path = path;
        Checksums = checksums;
    }

    /// <summary>The path of the folder.</summary>
    public string Path { get; }

    /// <summary>The checksums, which the small files match; null if the folder has none.</summary>
    public Checksums? Checksums { get; }

    /// <summary>What was assumed because a file or a setting is missing, one line each.</summary>
    public IReadOnlyList<string> Notices => notices;

    /// <summary>Opens a folder and verifies its small files, so that a damaged one is reported as damaged.</summary>
    /// <exception cref="InvalidFileException">There is no such folder, or a small file does not match its
    /// checksum.</exception>
    public static CheckpointFolder Open(string path) =>
        Directory.Exists(path)
            ? new(path, Checksums.Read(path))
            : throw new InvalidFileException(path, null, "no such folder", "a model's folder", "check the path");

    /// <summary>The path of a file in the folder.</summary>
    public string PathOf(string file) => System.IO.Path.Combine(Path, file);

    /// <summary>Whether the folder has a file.</summary>
    public bool Contains(string file) => File.Exists(PathOf(file));

    /// <summary>A JSON file of limited size, parsed once.</summary>
    /// <exception cref="InvalidFileException">It is missing, too large, or not JSON.</exception>
    public JsonCursor ReadJson(string file, int maxBytes = MaxJsonBytes) =>
        Read(file, path =>
            new JsonSource(path, $"a checkpoint's {file}", Remedy)
            {
                DefaultTaken = (key, value) => defaults[(file, key)] = value,
            }.Read(maxBytes)
        );

    /// <summary>A YAML file of limited size, parsed once.</summary>
    /// <exception cref="InvalidFileException">It is missing, too large, or not of the supported subset.</exception>
    public JsonCursor ReadYaml(string file) =>
        Read(file, path => YamlFile.Read(path, $"a checkpoint's {file}", Remedy, MaxJsonBytes));

    /// <summary>Adds to <see cref="Notices"/>, once.</summary>
    public void AddNotice(string text)
    {
        if (!notices.Contains(text))
            notices.Add(text);
    }

    /// <summary>The settings that a JSON file lacks, with the defaults that were used for them.</summary>
    public IEnumerable<(string Key, object Value)> ListDefaults(string file) =>
        defaults.Where(item => item.Key.File == file).Select(item => (item.Key.Key, item.Value));

    /// <summary>The lines of a text file of limited size.</summary>
    /// <exception cref="InvalidFileException">It is missing or too large.</exception>
    public IReadOnlyList<string> ReadLines(string file)
    {
        var bytes = InputFile.ReadAll(PathOf(file), $"a checkpoint's {file}", Remedy, MaxJsonBytes);
        using var reader = new StreamReader(new MemoryStream(bytes));
        return reader.ReadToEnd().Split('\n');
    }

    private JsonCursor Read(string file, Func<string, JsonCursor> read)
    {
        if (!documents.TryGetValue(file, out var document))
        {
            document = read(PathOf(file));
            documents.Add(file, document);
        }
        return document;
    }
}
