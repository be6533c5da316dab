using System.CommandLine;
using System.Runtime.InteropServices;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Formats;
using AttnCrnn.Remote;

namespace AttnCrnn.Cli.CommandLine;

/// <summary>From arguments to an exit code.</summary>
internal static class Entry
{
    // Each is made when it is asked for: its dozens of flags take longer than reading a recording.
    private static readonly (string Name, Func<CliCommand> Make)[] Commands =
    [
        ("corpus", () => new CorpusCommand()), ("extract", () => new ExtractCommand()), ("train", () => new TrainCommand()), ("evaluate", () => new EvaluateCommand()),
        ("predict", () => new PredictCommand()), ("export", () => new ExportCommand()), ("deploy", () => new DeployCommand()), ("monitor", () => new MonitorCommand()),
        ("fetch", () => new FetchCommand()), ("stop", () => new StopCommand()), ("demo", () => new DemoCommand()), ("doctor", () => new DoctorCommand()),
    ];

    public static int Run(string[] arguments)
    {
        var name = arguments.Length > 0 ? arguments[0] : "";
        var command = Commands.FirstOrDefault(of => of.Name == name).Make?.Invoke();
        var root = new RootCommand("Speech emotion recognition: from recordings to a trained, evaluated and explained classifier.");
        foreach (var one in command is null ? Commands.Select(of => of.Make()) : [command]) root.Subcommands.Add(one.Definition);
        var shell = new Shell();
        try
        {
            if (arguments.Length == 0 || arguments.Any(argument => argument is "--help" or "-h" or "-?" or "--version")) return root.Parse(arguments.Length == 0 ? ["--help"] : arguments).Invoke(new() { EnableDefaultExceptionHandler = false });
            return command is null
                ? throw new UsageException($"{name}: no such command{Spelling.Suggestion(name, Commands.Select(of => of.Name))}")
                : Run(command, root, arguments, shell);
        }
        catch (UsageException fault)
        {
            shell.Complain($"{fault.Message}\nSee: attn-crnn {(command is null ? "" : name + " ")}--help");
            return ExitCode.Usage;
        }
        catch (Exception fault) when (fault is RefusedException or RemoteRefusedException)
        {
            shell.Complain(fault.Message);
            return ExitCode.Refused;
        }
        catch (RemoteException fault)
        {
            shell.Complain(fault.Message.ReplaceLineEndings(" "));
            return ExitCode.Failed;
        }
        catch (OperationCanceledException fault)
        {
            shell.Complain(fault is InterruptedException ? fault.Message : "interrupted");
            return ExitCode.Interrupted;
        }
        catch (PipeClosedException)
        {
            return ExitCode.Done; // whoever read our output has had enough, as in: … | head
        }
        catch (Exception fault)
        {
            shell.Complain(Environment.GetEnvironmentVariable("ATTN_CRNN_DEBUG") == "1" ? fault.ToString() : $"{fault.Message.ReplaceLineEndings(" ")} (ATTN_CRNN_DEBUG=1 shows where)");
            return ExitCode.Failed;
        }
    }

    private static int Run(CliCommand command, RootCommand root, string[] arguments, Shell shell)
    {
        Spelling.CheckFlags(command.Definition, arguments[1..]);
        var given = root.Parse(arguments);
        Spelling.RequireRight(given);
        if (given.GetValue(command.Config) is { } path)
        {
            given = root.Parse(ConfigFile.Expand(command, given, arguments, path));
            Spelling.RequireRight(given);
        }
        shell.Quiet = given.GetValue(command.Quiet);
        using var stop = new CancellationTokenSource();
        // The first Ctrl-C (or SIGTERM, SIGHUP) asks, so that what was done is kept; the second one ends at once.
        void Ask(PosixSignalContext context)
        {
            context.Cancel = !stop.IsCancellationRequested;
            if (!stop.IsCancellationRequested && command.WhenInterrupted.Length > 0) shell.Say(command.WhenInterrupted);
            stop.Cancel();
        }
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Ask); // the terminal is gone, or the session of tmux
        return command.Run(given, shell, stop.Token);
    }
}
