using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Commands.Remote;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;

namespace AttnCrnn.Cli.Options;

/// <summary>Runs the command of the arguments and maps its outcome to an exit code.</summary>
internal static class Application
{
    // Created on demand: the dozens of options of a command take longer than reading a recording.
    private static readonly (string Name, Func<CliCommand> Create)[] Commands =
    [
        ("corpus", () => new CorpusCommand()),
        ("extract", () => new ExtractCommand()),
        ("train", () => new TrainCommand()),
        ("evaluate", () => new EvaluateCommand()),
        ("predict", () => new PredictCommand()),
        ("export", () => new ExportCommand()),
        ("deploy", () => new DeployCommand()),
        ("monitor", () => new MonitorCommand()),
        ("fetch", () => new FetchCommand()),
        ("stop", () => new StopCommand()),
        ("demo", () => new DemoCommand()),
        ("doctor", () => new DoctorCommand()),
    ];

    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The outermost handler: every failure ends with a message and an exit code."
    )]
    public static int Run(string[] arguments)
    {
        var name = arguments.Length > 0 ? arguments[0] : "";
        var command = Commands.FirstOrDefault(entry => entry.Name == name).Create?.Invoke();
        var root = new RootCommand(
            "Speech emotion recognition: from recordings to a trained, evaluated and explained classifier."
        );
        foreach (var listed in command is null ? Commands.Select(entry => entry.Create()) : [command])
            root.Subcommands.Add(listed.Definition);
        var console = new ConsoleOutput();
        try
        {
            if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h" or "-?" or "--version"))
                return root.Parse(arguments.Length == 0 ? ["--help"] : arguments)
                    .Invoke(new() { EnableDefaultExceptionHandler = false });
            return command is null
                ? throw new UsageException(
                    $"{name}: no such command{OptionSpelling.Suggestion(name, Commands.Select(entry => entry.Name))}"
                )
                : Run(command, root, arguments, console);
        }
        catch (UsageException fault)
        {
            console.Error($"{fault.Message}\nSee: attn-crnn {(command is null ? "" : name + " ")}--help");
            return ExitCode.Usage;
        }
        catch (Exception fault) when (fault is InvalidInputException or InvalidRemoteRequestException)
        {
            console.Error(fault.Message);
            return ExitCode.Refused;
        }
        catch (RemoteException fault)
        {
            console.Error(fault.Message.ReplaceLineEndings(" "));
            return ExitCode.Failed;
        }
        catch (OperationCanceledException fault)
        {
            console.Error(fault is InterruptedException ? fault.Message : "interrupted");
            return ExitCode.Interrupted;
        }
        catch (PipeClosedException)
        {
            return ExitCode.Done; // the downstream reader closed the pipe, as in: … | head
        }
        catch (Exception fault)
        {
            console.Error(
                Environment.GetEnvironmentVariable("ATTN_CRNN_DEBUG") == "1"
                    ? fault.ToString()
                    : $"{fault.Message.ReplaceLineEndings(" ")} (ATTN_CRNN_DEBUG=1 shows the stack trace)"
            );
            return ExitCode.Failed;
        }
    }

    private static int Run(CliCommand command, RootCommand root, string[] arguments, ConsoleOutput console)
    {
        OptionSpelling.CheckFlags(command.Definition, arguments[1..]);
        var given = root.Parse(arguments);
        OptionSpelling.RequireKnown(given);
        if (given.GetValue(command.Config) is { } path)
        {
            given = root.Parse(ConfigFile.Expand(command, given, arguments, path));
            OptionSpelling.RequireKnown(given);
        }
        console.Quiet = given.GetValue(command.Quiet);
        using var stop = new CancellationTokenSource();
        // The first Ctrl-C (or SIGTERM, SIGHUP) cancels, so that work is saved; the second one ends the process.
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            if (!stop.IsCancellationRequested && command.WhenInterrupted.Length > 0)
                console.Info(command.WhenInterrupted);
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        // The terminal or the tmux session was closed.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        return command.Run(given, console, stop.Token);
    }
}
