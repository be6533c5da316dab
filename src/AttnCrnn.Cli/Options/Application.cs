using System.CommandLine;
using System.Runtime.InteropServices;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;

namespace AttnCrnn.Cli.Options;

/// <summary>From arguments to an exit code.</summary>
internal static class Application
{
    // Each is made when it is asked for: its dozens of flags take longer than reading a recording.
    private static readonly (string Name, Func<CliCommand> Make)[] Commands =
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

    public static int Run(string[] arguments)
    {
        var name = arguments.Length > 0 ? arguments[0] : "";
        var command = Commands.FirstOrDefault(valueTuple => valueTuple.Name == name).Make?.Invoke();
        var root = new RootCommand(
            "Speech emotion recognition: from recordings to a trained, evaluated and explained classifier."
        );
        foreach (var one in command is null ? Commands.Select(valueTuple => valueTuple.Make()) : [command])
            root.Subcommands.Add(one.Definition);
        var console = new ConsoleOutput();
        try
        {
            if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h" or "-?" or "--version"))
                return root.Parse(arguments.Length == 0 ? ["--help"] : arguments)
                    .Invoke(new() { EnableDefaultExceptionHandler = false });
            return command is null
                ? throw new UsageException(
                    $"{name}: no such command{OptionSpelling.Suggestion(name, Commands.Select(valueTuple => valueTuple.Name))}"
                )
                : Run(command, root, arguments, console);
        }
        catch (UsageException fault)
        {
            console.Error($"{fault.Message}\nSee: attn-crnn {(command is null ? "" : name + " ")}--help");
            return ExitCode.Usage;
        }
        catch (Exception fault) when (fault is InvalidInputException or RemoteRefusedException)
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
            return ExitCode.Done; // whoever read our output has had enough, as in: … | head
        }
        catch (Exception fault)
        {
            console.Error(
                Environment.GetEnvironmentVariable("ATTN_CRNN_DEBUG") == "1"
                    ? fault.ToString()
                    : $"{fault.Message.ReplaceLineEndings(" ")} (ATTN_CRNN_DEBUG=1 shows where)"
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
        // The first Ctrl-C (or SIGTERM, SIGHUP) asks, so that what was done is kept; the second one ends at once.
        void Ask(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            if (!stop.IsCancellationRequested && command.WhenInterrupted.Length > 0)
                console.Info(command.WhenInterrupted);
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ask); // the terminal is gone, or the session of tmux
        return command.Run(given, console, stop.Token);
    }
}
