using AttnCrnn.Testing.Probes;

namespace AttnCrnn.IntegrationTests.Options;

/// <summary>
/// The commands that are probed as programs, on shared inputs and a run that has ended on this machine.
/// </summary>
public sealed class ProgramProbes : IDisposable
{
    // To the questions of deploy --init: where, folder, data folders, epochs.
    private const string Answers = "local\n\nfeatures\n\n";

    private readonly ProbeInputs inputs = new();

    // What deploy looks for on a machine that it may shut down, and on a cluster; a dry run calls none of them.
    private static readonly string[] MachinePrograms = ["sbatch", "shutdown", "sudo"];

    private readonly TempFolder machine = new();
    private readonly string session = $"probes-{Guid.NewGuid():N}"[..20];
    private readonly Dictionary<string, ProbedCommand> commands;
    private bool isDeployed;

    public ProgramProbes()
    {
        Directory.CreateDirectory(machine.PathOf("programs"));
        foreach (var name in MachinePrograms)
            WriteProgram(machine.PathOf("programs", name));
        commands = (
            (ProbedCommand[])
                [
                    CreateDemo(),
                    CreateDoctor(),
                    CreateDeploy(),
                    CreateRemote("monitor"),
                    CreateRemote("fetch"),
                    CreateRemote("stop"),
                ]
        ).ToDictionary(command => command.Name);
    }

    internal ProbedCommand Find(string name)
    {
        if (name is not ("demo" or "doctor") && !isDeployed)
            Deploy();
        return commands[name];
    }

    public void Dispose()
    {
        inputs.Dispose();
        machine.Dispose();
    }

    private string RemoteFolder => machine.PathOf("remote");

    private string[] TrainArguments =>
        ["--", "--data_dirs", inputs.PathOf("features"), "--epochs", "1", "--copies", "1", "--max_bad", "1"];

    // A short run, to its end.
    private void Deploy()
    {
        isDeployed = true;
        string[] selection = ["--to", "local", "--dir", RemoteFolder, "--name", session];
        var deployment = Run(["deploy", .. selection, "--program", Laptop.Program, .. TrainArguments]);
        Assert.True(deployment.Code == 0, deployment.Error);
        var end = Run(["monitor", .. selection, "-c"]);
        Assert.True(end.Code == 0, end.Error);
    }

    private ProbedCommand CreateDemo() =>
        new(inputs, Run)
        {
            Name = "demo",
            Common = new Dictionary<string, string>
            {
                ["workdir"] = inputs.PathOf("demo"),

                ["epochs"] = "1",
            },
        };

    private ProbedCommand CreateDoctor() =>
        new(inputs, Run)
        {
            Name = "doctor",

            Config = """{"json": true}""",
        };

    // A repetition of the run that has ended, without changes.
    private ProbedCommand CreateDeploy() =>
        new(inputs, Run)
        {
            Name = "deploy",
            Common = new Dictionary<string, string>(Selection)
            {
                ["program"] = Laptop.Program,

                ["dry_run"] = "true",
            },
            // The program is only read if a run is started.
            Setups = new Dictionary<string, string[]> { ["program"] = ["replace=true"] },
            LastArguments = TrainArguments,
            OtherLastArguments = new Dictionary<string, string[]>
            {
                // The configuration is that of the run.
                ["resume"] = [],
                // Only an extraction has shards.
                ["shards"] = ["--", "--epochs", "1", "--", "/cluster/clips.csv"],
            },
        };

    private ProbedCommand CreateRemote(string name) =>
        new(inputs, Run)
        {
            Name = name,
            Common = Selection,
            // The status is a result; following the run prints messages.
            Setups =
                name == "monitor"
                    ? new Dictionary<string, string[]>
                    {
                        ["quiet"] = ["continuous=true"],
                        ["config"] = ["continuous=true"],
                    }
                    : [],
            Config = """{"quiet": true}""",
        };

    private Dictionary<string, string> Selection =>
        new()
        {
            ["to"] = "local",
            ["dir"] = RemoteFolder,
            ["name"] = session,
        };

    private static void WriteProgram(string path)
    {
        File.WriteAllText(path, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private (int Code, string Output, string Error) Run(string[] arguments)
    {
        var start = BuiltProgram.Prepare(inputs.Folder, arguments);
        start.RedirectStandardInput = true;
        start.Environment["TERM"] = "dumb";
        start.Environment["PATH"] = $"{machine.PathOf("programs")}:{start.Environment["PATH"]}";
        using var process = System.Diagnostics.Process.Start(start)!;
        try
        {
            process.StandardInput.Write(Answers);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // Only deploy --init reads answers; other commands may have ended.
        }
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
