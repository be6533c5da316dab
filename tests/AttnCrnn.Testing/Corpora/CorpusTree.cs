using AttnCrnn.Corpora;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Testing.Corpora;

/// <summary>
/// A folder of tests/fixtures/corpora as a corpus: a copy in a temporary folder, with its label files and a short
/// synthetic recording for each line of files.txt.
/// </summary>
internal sealed class CorpusTree : IDisposable
{
    private const int SampleRateHz = 16_000;

    private static readonly string[] Descriptions = ["files.txt", "why.txt"];

    private readonly TempFolder folder = new();
    private readonly string source;

    private CorpusTree(string name)
    {
        source = Fixtures.Path("corpora", name);
        Path = Directory.CreateDirectory(folder.PathOf(name)).FullName;
    }

    /// <summary>Names of all trees, in order.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(Fixtures.Path("corpora")).Select(System.IO.Path.GetFileName).Order()!;

    /// <summary>The copy; its name is that of the tree.</summary>
    public string Path { get; }

    /// <summary>Copies a tree and writes its recordings.</summary>
    /// <param name="name">A folder of tests/fixtures/corpora.</param>
    /// <param name="seconds">Length of each recording. Segments may begin behind its end.</param>
    public static CorpusTree Create(string name, double seconds = 0.2)
    {
        var tree = new CorpusTree(name);
        tree.CopyLabelFiles();
        foreach (var file in File.ReadLines(System.IO.Path.Combine(tree.source, "files.txt")))
            if (file.Length > 0 && !File.Exists(tree.PathOf(file)))
                tree.AddRecording(file, seconds);
        return tree;
    }

    /// <summary>A path in the copy, whether it exists or not.</summary>
    /// <param name="file">Relative to the tree, with slashes.</param>
    public string PathOf(string file) => System.IO.Path.Combine([Path, .. file.Split('/')]);

    /// <summary>
    /// Writes a recording whose samples no other recording has; its content is WAV, whatever its extension.
    /// </summary>
    public void AddRecording(string file, double seconds = 0.2)
    {
        WavWriter.Write(Prepare(file), CreateTone(file, seconds), SampleRateHz);
    }

    /// <summary>Writes a label file in place of the one that is there.</summary>
    public void Write(string file, string text) => File.WriteAllText(Prepare(file), text);

    /// <summary>The rows of expected.csv, by path.</summary>
    public IReadOnlyList<ExpectedClip> ReadExpected() =>
        [
            .. CsvTable
                .Read(System.IO.Path.Combine(source, "expected.csv"))
                .Rows.Select(row => new ExpectedClip(
                    row["path"],
                    row["label"],
                    row["speaker"],
                    row["split"],
                    row["sex"]
                ))
                .OrderBy(clip => clip.Path, StringComparer.Ordinal),
        ];

    /// <summary>Clips as expected.csv would have them, by path.</summary>
    public IReadOnlyList<ExpectedClip> Describe(IEnumerable<Clip> clips) =>
        [.. clips.Select(clip => ExpectedClip.Create(clip, Path)).OrderBy(clip => clip.Path, StringComparer.Ordinal)];

    /// <summary>Reads the folder as the commands do; its clips as expected.csv would have them, by path.</summary>
    public IReadOnlyList<ExpectedClip> Read(CorpusReadOptions? options = null) =>
        Describe(CorpusReader.Read([Path], options ?? CorpusReadOptions.Default).Clips);

    public void Dispose() => folder.Dispose();

    private string Prepare(string file)
    {
        var path = PathOf(file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        return path;
    }

    private void CopyLabelFiles()
    {
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var file = System.IO.Path.GetRelativePath(source, path);
            if (!IsDescription(file))
                File.Copy(path, Prepare(file.Replace('\\', '/')));
        }
    }

    private static bool IsDescription(string file) =>
        Descriptions.Contains(file)
        || (
            file.StartsWith("expected", StringComparison.Ordinal)
            && System.IO.Path.GetExtension(file) is ".csv"
            && System.IO.Path.GetDirectoryName(file) is ""
        );

    // A tone with the name as its first samples, which tell recordings apart.
    private static float[] CreateTone(string file, double seconds)
    {
        var samples = new float[(int)(seconds * SampleRateHz)];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = 0.3f * MathF.Sin(2 * MathF.PI * 220 * i / SampleRateHz);
        for (var i = 0; i < file.Length && i < samples.Length; i++)
            samples[i] = file[i] / 1024f;
        return samples;
    }
}
