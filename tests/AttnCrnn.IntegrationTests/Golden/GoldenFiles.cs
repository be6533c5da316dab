using System.Text.Json.Nodes;
using AttnCrnn.Features;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>A copy of tests/fixtures/golden whose files contain the paths of the copy.</summary>
internal sealed class GoldenFiles : IDisposable
{
    public const string Repository = "tiny/wav2vec2-12-layers";
    public const string Commit = "a1021fa0a1021fa0a1021fa0a1021fa0a1021fa0";

    /// <summary>
    /// For metrics and probabilities: the networks are bit-identical, but exp and log of the C library may differ.
    /// </summary>
    public const double MetricTolerance = 1e-12;

    /// <summary>Of probabilities by ONNX Runtime, whose kernels differ between processors in the last bits.</summary>
    public const double OnnxRuntimeTolerance = 1e-5;

    private const string OriginalFolder = "/data/a1021fa";

    private static readonly string Source = Fixtures.Path("golden");

    private static readonly string[] TextExtensions = [".csv", ".json", ".log", ".sh"];

    private static readonly DateTime Modified = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TempFolder folder = new();

    public GoldenFiles()
    {
        Copy(Source, folder.Path, folder.Path);
        foreach (var clip in Directory.GetFiles(PathOf("clips"), "*.wav"))
            File.SetLastWriteTimeUtc(clip, Modified);
        Expected = JsonNode.Parse(File.ReadAllText(PathOf("expected.json")))!;
    }

    /// <summary>expected.json: the results of the version that wrote the files.</summary>
    public JsonNode Expected { get; }

    /// <summary>The tiny wav2vec 2.0 checkpoint.</summary>
    public string CheckpointFolder => PathOf("hub", "models--tiny--wav2vec2-12-layers", "snapshots", Commit);

    public string PathOf(params string[] parts) => folder.PathOf(parts);

    /// <summary>The only run in a working folder.</summary>
    /// <param name="name">A folder under runs/.</param>
    /// <param name="state"><c>finished</c>, <c>interrupted</c> or <c>killed</c>.</param>
    public RunDirectory OpenRun(string name, string state)
    {
        var work = PathOf("runs", name, state);
        return new(work, Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(work, "checkpoints")))));
    }

    /// <summary>Copies the files on the machine of the deployed run.</summary>
    /// <param name="home">The home folder there.</param>
    public void CopyDeployed(string home)
    {
        var fixtureFolder = Path.Combine("deployed", "there");
        Copy(Path.Combine(Source, fixtureFolder), home, folder.Path, ($"{OriginalFolder}/{fixtureFolder}", home));
    }

    /// <summary>Runs the program offline, with the fixture's hub cache.</summary>
    public (int Code, string Output, string Error) Start(params string[] arguments)
    {
        string[] variables = [$"HF_HUB_CACHE={PathOf("hub")}", "HF_HUB_OFFLINE=1"];
        return BuiltProgram.WaitForExit(BuiltProgram.Start(folder.Path, variables, arguments))[0];
    }

    /// <summary>As <see cref="Start"/>; fails the test if the program fails.</summary>
    /// <returns>The output of the program.</returns>
    public string Run(params string[] arguments)
    {
        var (code, output, error) = Start(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    /// <summary>Resumes a run.</summary>
    /// <returns>
    /// The lines of its epochs. They show that the run was resumed: one that was restarted would reach the same
    /// weights.
    /// </returns>
    public IReadOnlyList<string> Resume(RunDirectory run)
    {
        var (code, _, output) = Start("train", "--resume", run.Name, "--workdir", run.WorkFolder);
        Assert.True(code == 0, output);
        string[] epochs = [.. output.Split('\n').Where(line => line.Contains("  loss ", StringComparison.Ordinal))];
        Assert.NotEmpty(epochs);
        return epochs;
    }

    /// <summary>The output of <c>predict --json</c>: probabilities by path.</summary>
    public JsonObject Predict(string model, IEnumerable<string> clips, params string[] flags)
    {
        var lines = Run(["predict", model, .. clips, .. flags, "--json", "--quiet"]).Trim().Split('\n');
        var predictions = lines.Select(line => JsonNode.Parse(line)!);
        return new(
            predictions.Select(line => KeyValuePair.Create($"{line["path"]}", line["probabilities"]?.DeepClone()))
        );
    }

    /// <summary>The frames of a stored recording.</summary>
    /// <param name="path">As in expected.json: relative to the original folder.</param>
    public float[] Frames(FeatureStore store, string path)
    {
        var clip = Enumerable.Range(0, store.Clips.Count).Single(index => store.Clips[index].Path == PathOf(path));
        return Frames(store, clip);
    }

    public static float[] Frames(FeatureStore store, int clip)
    {
        var frames = new float[store.Clips[clip].Frames * store.Description.Encoder.FrameWidth];
        store.Read(clip, frames);
        return frames;
    }

    /// <summary>SHA-256 of the weights in the last checkpoint, as expected.json has it.</summary>
    /// <param name="models">A folder with <c>resume</c> in it.</param>
    public static string WeightsHash(string models) =>
        GoldenCheckpoint.Hash(Trainer.ListCheckpoints(models)[0], "values");

    public void Dispose() => folder.Dispose();

    private static void Copy(
        string source,
        string destination,
        string folder,
        params (string Original, string Local)[] firstReplacements
    )
    {
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(destination, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (TextExtensions.Contains(Path.GetExtension(file)))
                File.WriteAllText(
                    target,
                    Localize(File.ReadAllText(file), [.. firstReplacements, (OriginalFolder, folder)])
                );
            else
                File.Copy(file, target);
        }
    }

    private static string Localize(string text, IEnumerable<(string Original, string Local)> replacements) =>
        replacements.Aggregate(text, (current, replacement) =>
            current.Replace(replacement.Original, replacement.Local, StringComparison.Ordinal)
        );
}
