using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Commands.Remote;

namespace AttnCrnn.Cli.Options;

/// <summary>All commands, in the order of the help.</summary>
internal static class CommandList
{
    // Created on demand: creating the options of all commands takes longer than reading a recording.
    private static readonly (string Name, Func<CliCommand> Create)[] Commands =
    [
        ("corpus", () => new CorpusCommand()),
        ("extract", () => new ExtractCommand()),
        ("train", () => new TrainCommand()),
        ("evaluate", () => new EvaluateCommand()),
        ("compare", () => new CompareCommand()),
        ("report", () => new ReportCommand()),
        ("models", () => new ModelsCommand()),
        ("show", () => new ShowCommand()),
        ("predict", () => new PredictCommand()),
        ("export", () => new ExportCommand()),
        ("deploy", () => new DeployCommand()),
        ("monitor", () => new MonitorCommand()),
        ("fetch", () => new FetchCommand()),
        ("stop", () => new StopCommand()),
        ("demo", () => new DemoCommand()),
        ("doctor", () => new DoctorCommand()),
        ("completion", () => new CompletionCommand()),
        ("reference", () => new ReferenceCommand()),
    ];

    /// <summary>The names of all commands.</summary>
    public static IEnumerable<string> Names => Commands.Select(entry => entry.Name);

    /// <summary>A command; null if there is none of this name.</summary>
    public static CliCommand? Create(string name) =>
        Commands.FirstOrDefault(entry => entry.Name == name).Create?.Invoke();

    /// <summary>All commands.</summary>
    public static IReadOnlyList<CliCommand> CreateAll() => [.. Commands.Select(entry => entry.Create())];
}
