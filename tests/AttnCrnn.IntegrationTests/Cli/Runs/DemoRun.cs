namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>The output of <c>demo</c>, which tests of the other commands share.</summary>
public sealed class DemoRun : IDisposable
{
    private readonly TempFolder folder = new();

    public DemoRun()
    {
        Demo = Run("demo", "--workdir", "d", "--epochs", "2");
        const string key = "The report: ";
        var line = Demo.Output.Split('\n').LastOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        Report = line?[key.Length..].Trim() ?? "";
        Name = Path.GetFileName(Path.GetDirectoryName(Report)) ?? "";
    }

    public (int Code, string Output, string Error) Demo { get; }

    /// <summary>The path of report.html.</summary>
    public string Report { get; }

    /// <summary>The name of the run.</summary>
    public string Name { get; }

    public string PathOf(params string[] parts) => folder.PathOf(parts);

    /// <summary>The path of a synthetic recording.</summary>
    public string Clip() => Directory.GetFiles(PathOf("d", "synthetic_speech", "sad")).Order().First();

    public (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    public void Dispose() => folder.Dispose();
}
