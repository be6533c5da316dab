using System.Text.Json.Nodes;

namespace AttnCrnn.Tests.Cli;

/// <summary>A copy of tests/fixtures/a1021fa, as if its files had been made where the copy is.</summary>
internal sealed class OlderFiles : IDisposable
{
    public const string Repository = "tiny/wav2vec2-12-layers";
    public const string Commit = "a1021fa0a1021fa0a1021fa0a1021fa0a1021fa0";

    private const string MadeIn = "/data/a1021fa";

    private static readonly DateTime Modified = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly TempFolder folder = new();

    public OlderFiles()
    {
        var source = Fixtures.Path("a1021fa");
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
            Copy(file, In(Path.GetRelativePath(source, file)));
        Expected = JsonNode.Parse(File.ReadAllText(In("expected.json")))!;
    }

    /// <summary>What a1021fa said, by <c>log-mel</c> and <c>wav2vec2</c>.</summary>
    public JsonNode Expected { get; }

    /// <summary>The tiny wav2vec 2.0 checkpoint.</summary>
    public string Checkpoint => In("hub", "models--tiny--wav2vec2-12-layers", "snapshots", Commit);

    public string In(params string[] parts) => folder.At(parts);

    /// <summary>A run's working folder and its name.</summary>
    /// <param name="state"><c>finished</c> or <c>interrupted</c>.</param>
    public (string WorkFolder, string Name) Run(string encoder, string state)
    {
        var work = In("runs", encoder, state);
        return (work, Path.GetFileName(Assert.Single(Directory.GetDirectories(Path.Combine(work, "checkpoints")))));
    }

    /// <summary>The program's answer, with the hub's cache of then and no connection.</summary>
    public (int Code, string Output, string Error) Start(params string[] arguments)
    {
        string[] variables = [$"HF_HUB_CACHE={In("hub")}", "HF_HUB_OFFLINE=1"];
        return BuiltProgram.End(BuiltProgram.Start(folder.Path, variables, arguments))[0];
    }

    /// <summary>As <see cref="Start"/>, for what must succeed.</summary>
    /// <returns>What the program printed.</returns>
    public string Done(params string[] arguments)
    {
        var (code, output, error) = Start(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)} ended with {code}: {error}");
        return output;
    }

    public void Dispose() => folder.Dispose();

    private void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        if (Path.GetFileName(to) is "config.json" || to.EndsWith(".csv", StringComparison.Ordinal))
            File.WriteAllText(to, File.ReadAllText(from).Replace(MadeIn, folder.Path, StringComparison.Ordinal));
        else File.Copy(from, to);
        if (to.EndsWith(".wav", StringComparison.Ordinal)) File.SetLastWriteTimeUtc(to, Modified);
    }
}
