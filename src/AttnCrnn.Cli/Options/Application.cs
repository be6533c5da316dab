using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment;
using AttnCrnn.IO;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Options;

/// <summary>Runs the command of the arguments and maps its outcome to an exit code.</summary>
internal static class Application
{
    /// <summary>Runs the program with the console of this process.</summary>
    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, new ConsoleOutput());

    /// <summary>Runs the program.</summary>
    /// <returns>The exit code.</returns>
    [SuppressMessage(
        "Design",
        "CA1031:Do not catch general exception types",
        Justification = "The outermost handler: every failure ends with a message and an exit code."
    )]
    public static async Task<int> RunAsync(string[] arguments, ConsoleOutput console)
    {
        var name = arguments.Length > 0 ? arguments[0] : "";
        var command = CommandList.Create(name);
        try
        {
            if (WriteHelp(command, arguments, console))
                return ExitCode.Success;
            return command is null
                ? throw new UsageException($"{name}: unknown command{OptionSpelling.Suggest(name, CommandList.Names)}")
                : await RunAsync(command, arguments, console).ConfigureAwait(false);
        }
        catch (UsageException exception)
        {
            var help = PrintedCommand.Format(command is null ? ["--help"] : [exception.Command ?? name, "--help"]);
            console.WriteError($"{exception.Message}\nSee: {help}");
            return ExitCode.UsageError;
        }
        catch (ResumableTrainingException exception)
        {
            console.WriteError($"{exception.Message}:\n{exception.Command}");
            return exception.ExitCode;
        }
        catch (RunWithoutModelException exception)
        {
            var resume = PrintedCommand.FormatResume(exception.WorkFolder, exception.Run);
            console.WriteError($"{exception.Message}:\n{resume}");
            return ExitCode.InvalidInput;
        }
        catch (InvalidInputException exception)
        {
            console.WriteError(SourceOptions.FormatError(exception.Text, command));
            return ExitCode.InvalidInput;
        }
        catch (TrainingException exception)
        {
            console.WriteError(exception.Text.Format(OptionParser.FormatKey));
            return ExitCode.Failure;
        }
        catch (InvalidRemoteRequestException exception)
        {
            console.WriteError(exception.Text.Format(OptionParser.FormatKey));
            return ExitCode.InvalidInput;
        }
        catch (RemoteException exception)
        {
            console.WriteError(exception.Text.Format(OptionParser.FormatKey).ReplaceLineEndings(" "));
            return ExitCode.Failure;
        }
        catch (OperationCanceledException exception)
        {
            console.WriteError(exception is InterruptedException ? exception.Message : "interrupted");
            return ExitCode.Interrupted;
        }
        catch (UnauthorizedAccessException exception)
            when (Environment.GetEnvironmentVariable("ATTN_CRNN_DEBUG") != "1")
        {
            console.WriteError(
                $"permission denied: {exception.Message.ReplaceLineEndings(" ")} Change the permissions of the file or "
                    + "folder, or choose another one"
            );
            return ExitCode.InvalidInput;
        }
        catch (Exception exception) when (FindFileWriteError(exception) is { } error)
        {
            console.WriteError($"{error.Message}; free space, or choose another folder");
            return ExitCode.Failure;
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
                    : DescribeUnexpected(exception)
            );
            return ExitCode.Failure;
        }
    }

    // Files that are written in parallel fail together.
    private static FileWriteException? FindFileWriteError(Exception exception) =>
        exception as FileWriteException
        ?? (exception as AggregateException)?.InnerExceptions.OfType<FileWriteException>().FirstOrDefault();

    // .NET's message follows as a detail: alone it does not say what it is about.
    private static string DescribeUnexpected(Exception exception)
    {
        var reason = exception is IOException or UnauthorizedAccessException
            ? $"a file cannot be read or written: {FileFailure.Describe(exception)}"
            : $"unexpected error of type {exception.GetType().Name}";
        return $"{reason} ({exception.Message.ReplaceLineEndings(" ")}; ATTN_CRNN_DEBUG=1 shows the stack trace)";
    }

    // Arguments after -- belong to another program or command.
    private static bool WriteHelp(CliCommand? command, string[] arguments, ConsoleOutput console)
    {
        var ownArguments = arguments.TakeWhile(argument => argument != "--").ToList();
        if (command is null && ownArguments.Contains("--version"))
            console.WriteResult(RunProgram.Current.Version);
        else if (arguments.Length == 0 || ownArguments.Any(argument => argument is "--help" or "-h" or "-?"))
            console.WriteResult(
                command is null
                    ? HelpText.FormatProgram(CommandList.CreateAll(), console.Width).TrimEnd('\n')
                    : HelpText.FormatCommand(command, console.Width).TrimEnd('\n')
            );
        else
            return false;
        return true;
    }

    private static async Task<int> RunAsync(CliCommand command, string[] arguments, ConsoleOutput console)
    {
        var parsedArguments = command.ParseArguments(arguments[1..], suggest: command.SuggestOption);
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
        return await command.RunAsync(parsedArguments, console, cancellationSource.Token).ConfigureAwait(false);
    }
}
