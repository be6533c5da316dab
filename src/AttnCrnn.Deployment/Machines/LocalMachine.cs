using System.Runtime.InteropServices;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Machines;

/// <summary>This machine, accessed like a remote one.</summary>
public sealed class LocalMachine : Machine
{
    /// <inheritdoc/>
    public override string Name => "this machine";

    internal override ProgramCall Shell { get; } = new("sh", ["-s"]);

    internal override IReadOnlyList<string> RsyncOptions => [];

    // A framework-dependent build, as in a clone, runs on this process's runtime.
    internal override string? RuntimeFolder =>
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..")) is var folder
        && File.Exists(Path.Combine(folder, "dotnet"))
            ? folder
            : null;

    internal override string FormatRsyncPath(string path) => path;

    /// <inheritdoc/>
    public override ProgramCall CreateInteractiveCall(IReadOnlyList<string> command) =>
        new(command[0], [.. command.Skip(1)]);

    private protected override RemoteException? ClassifyConnectionFailure(int exitCode, string error) => null;
}
