using System.Diagnostics;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>The built program in a terminal of a given width: a session of a tmux server of its own.</summary>
internal sealed class TerminalSession : IDisposable
{
    private const string Name = "terminal";
    private const string Done = "exit code ";

    private readonly TempFolder socketFolder = new();

    /// <summary>Runs the program; afterwards the terminal shows its exit code.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="columns">Width of the terminal.</param>
    public TerminalSession(string folder, int columns, params IEnumerable<string> arguments)
        : this(BuiltProgram.Prepare(folder, arguments), columns, []) { }

    /// <summary>Runs a program; afterwards the terminal shows its exit code.</summary>
    /// <param name="columns">Width of the terminal.</param>
    /// <param name="variableNames">The environment variables to pass on, in addition to DOTNET_ROOT.</param>
    public TerminalSession(ProcessStartInfo start, int columns, IEnumerable<string> variableNames)
    {
        var variables = string.Join(
            ' ',
            variableNames.Append("DOTNET_ROOT").Select(name => $"{name}={ShellText.Quote(start.Environment[name]!)}")
        );
        var command = string.Join(' ', start.ArgumentList.Prepend(start.FileName).Select(ShellText.Quote));
        Tmux(
            [
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-s",
                Name,
                "-x",
                $"{columns}",
                "-y",
                "60",
                "-c",
                start.WorkingDirectory,
            ],
            [$"env TERM=xterm-256color {variables} {command}; echo \"{Done}$?\"; sleep 1000"]
        );
    }

    /// <summary>The lines of the terminal, without the empty ones at the end.</summary>
    public IReadOnlyList<string> ReadScreen() => Tmux(["capture-pane", "-p", "-t", Name], []).TrimEnd().Split('\n');

    /// <summary>Waits until the terminal shows a text, and returns its lines.</summary>
    public async Task<IReadOnlyList<string>> WaitForAsync(string text)
    {
        IReadOnlyList<string> screen = [];
        await RemoteRun.WaitUntil(() =>
            (screen = ReadScreen()).Any(line => line.Contains(text, StringComparison.Ordinal))
        );
        return screen;
    }

    /// <summary>Waits until the program has ended with 0, and returns the lines of the terminal.</summary>
    public async Task<IReadOnlyList<string>> WaitForExitAsync()
    {
        var screen = await WaitForAsync(Done);
        Assert.Contains($"{Done}0", screen);
        return screen;
    }

    /// <summary>Presses Ctrl-C and waits until the program has ended.</summary>
    public async Task InterruptAsync()
    {
        Tmux(["send-keys", "-t", Name, "C-c"], []);
        await WaitForAsync(Done);
    }

    public void Dispose()
    {
        Tmux(["kill-server"], []);
        socketFolder.Dispose();
    }

    private string Tmux(string[] arguments, string[] command)
    {
        var start = new ProcessStartInfo(
            SystemProgram.Find("tmux"),
            ["-S", socketFolder.PathOf("tmux"), .. arguments, .. command]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("TMUX");
        start.Environment["LC_ALL"] = "C.UTF-8";
        var (code, output, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        Assert.True(code == 0, error);
        return output;
    }
}
