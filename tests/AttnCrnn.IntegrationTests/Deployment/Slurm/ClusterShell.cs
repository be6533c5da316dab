using System.Diagnostics;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment.Slurm;

/// <summary>
/// The job runner's shell functions, run in a local shell with stub programs in place of the cluster's.
/// </summary>
internal sealed class ClusterShell : IDisposable
{
    private readonly TempFolder root = new();

    public ClusterShell()
    {
        Directory.CreateDirectory(Programs);
        Directory.CreateDirectory(Run);
        Directory.CreateDirectory(root.PathOf("analysis_results", "run"));
        Configure(
            """
            {
              "fold": null,
              "folds": 0
            }
            """
        );
    }

    /// <summary>The run's folder: logs/run.</summary>
    public string Run => root.PathOf("logs", "run");

    /// <summary>The machine's base folder.</summary>
    public string Folder => root.Path;

    private string Programs => root.PathOf("programs");

    /// <summary>The run's config.json.</summary>
    public void Configure(string json) =>
        File.WriteAllText(root.PathOf("analysis_results", "run", "config.json"), json + "\n");

    /// <summary>Shadows a system program with a stub of that name.</summary>
    public void WriteProgram(string name, string script)
    {
        var path = Path.Combine(Programs, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>The path of a file in the run's folder.</summary>
    public string PathOf(string name) => Path.Combine(Run, name);

    /// <summary>Calls one of the functions for a session "s", as the scripts do.</summary>
    public string Call(IJobRunner jobRunner, string function, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "sh",
            ["-c", $"set -eu\n{jobRunner.ShellFunctions}\n{function} s \"$@\"", "sh", Run, .. arguments]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Programs}:{Environment.GetEnvironmentVariable("PATH")}";
        using var console = Process.Start(start)!;
        var output = console.StandardOutput.ReadToEnd();
        var error = console.StandardError.ReadToEnd();
        console.WaitForExit();
        return console.ExitCode == 0 ? output : throw new InvalidOperationException($"{console.ExitCode}: {error}");
    }

    /// <summary>Runs a script as a deployment does.</summary>
    public Task<string> Send(Script script) =>
        new LocalMachine().RunAsync(
            Script.FromText($"PATH={ShellText.Quote(Programs)}:$PATH\n{script.Text}"),
            TestContext.Current.CancellationToken
        );

    public void Dispose() => root.Dispose();
}
