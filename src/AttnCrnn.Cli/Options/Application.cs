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
    // Created on demand: creating the options of all commands takes longer than reading a recording.
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
        foreach (var listedCommand in command is null ? Commands.Select(entry => entry.Create()) : [command])
            root.Subcommands.Add(listedCommand.Definition);
        var console = new ConsoleOutput();
        try
        {
            if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h" or "-?" or "--version"))
                return root.Parse(arguments.Length == 0 ? ["--help"] : arguments)
                    .Invoke(new() { EnableDefaultExceptionHandler = false });
            return command is null
                ? throw new UsageException(
                    $"{name}: unknown command{OptionSpelling.Suggest(name, Commands.Select(entry => entry.Name))}"
                )
                : Run(command, root, arguments, console);
        }
        catch (UsageException exception)
        {
            console.WriteError($"{exception.Message}\nSee: attn-crnn {(command is null ? "" : name + " ")}--help");
            return ExitCode.UsageError;
        }
        catch (Exception exception) when (exception is InvalidInputException or InvalidRemoteRequestException)
        {
            console.WriteError(exception.Message);
            return ExitCode.InvalidInput;
        }
        catch (RemoteException exception)
        {
            console.WriteError(exception.Message.ReplaceLineEndings(" "));
            return ExitCode.Failure;
        }
        catch (OperationCanceledException exception)
        {
            console.WriteError(exception is InterruptedException ? exception.Message : "interrupted");
            return ExitCode.Interrupted;
        }
        catch (PipeClosedException)
        {
            return ExitCode.Success; // the downstream reader closed the pipe, as in: … | head
        }
        catch (Exception exception)
        {
            console.WriteError(
                Environment.GetEnvironmentVariable("ATTN_CRNN_DEBUG") == "1"
                    ? exception.ToString()
                    : $"{exception.Message.ReplaceLineEndings(" ")} (ATTN_CRNN_DEBUG=1 shows the stack trace)"
            );
            return ExitCode.Failure;
        }
    }

    private static int Run(CliCommand command, RootCommand root, string[] arguments, ConsoleOutput console)
    {
        OptionSpelling.CheckOptions(command.Definition, arguments[1..]);
        var parseResult = root.Parse(arguments);
        OptionSpelling.RequireValid(parseResult);
        if (parseResult.GetValue(command.Config) is { } path)
        {
            parseResult = root.Parse(ConfigFile.Expand(command, parseResult, arguments, path));
            OptionSpelling.RequireValid(parseResult);
        }
        console.Quiet = parseResult.GetValue(command.Quiet);
        using var cancellationSource = new CancellationTokenSource();
        // The first Ctrl-C (or SIGTERM, SIGHUP) cancels, so that work is saved; the second one ends the process.
        void Cancel(PosixSignalContext context)
        {
            context.Cancel = !cancellationSource.IsCancellationRequested;
            if (!cancellationSource.IsCancellationRequested && command.InterruptMessage.Length > 0)
                console.WriteMessage(command.InterruptMessage);
            cancellationSource.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        // The terminal or the tmux session was closed.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        return command.Run(parseResult, console, cancellationSource.Token);
    }
}
