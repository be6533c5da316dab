using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.IO;

namespace AttnCrnn.Deployment;

/// <summary>A training run to deploy, and the machine to deploy it to.</summary>
public sealed record DeploymentPlan
{
    /// <summary>The machine to run on.</summary>
    public required Machine Machine { get; init; }

    /// <summary>Runs the training independently of the connection.</summary>
    public required IJobRunner JobRunner { get; init; }

    /// <summary>The deployment folder, from <see cref="RemoteFolder.Normalize"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>The session name, valid by <see cref="SessionName"/>.</summary>
    public required string Session { get; init; }

    /// <summary>Provides the program to upload.</summary>
    public required ProgramSource Program { get; init; }

    /// <summary>The run's name, as in attn_crnn_v2_20260131_235959.</summary>
    public required string Run { get; init; }

    /// <summary>
    /// Whether <see cref="Run"/> is resumed: with its own configuration and data if it exists on the machine, otherwise
    /// from <see cref="LocalCopy"/>.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// The local working folder with a copy of the resumed run, or null. <see cref="Data"/> and <see
    /// cref="Configuration"/> then belong to the copy.
    /// </summary>
    public string? LocalCopy { get; init; }

    /// <summary>Feature folders, in the order of the configuration.</summary>
    public IReadOnlyList<DataFolder> Data { get; init; } = [];

    /// <summary>The model for a warm start; null for random initialization.</summary>
    public InitialModel? InitialModel { get; init; }

    /// <summary>Creates the resolved configuration of the run, JSON; null if the run already has one.</summary>
    public Func<RunLocation, string>? Configuration { get; init; }

    /// <summary>
    /// Whether a recorded configuration, JSON, is the one that <see cref="Configuration"/> would create at a location.
    /// It recognizes a run that another version of the program deployed: that version may have written the same options
    /// in another way, so that the fingerprint differs. Null: only the fingerprint is compared.
    /// </summary>
    public Func<string, RunLocation, bool>? MatchesConfiguration { get; init; }

    /// <summary>Whether to stop a running session first, and to repeat a completed run.</summary>
    public bool Replace { get; init; }

    /// <summary>How long a replaced run may take to write its checkpoint.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether to shut the machine down once the results are fetched.</summary>
    public bool StopWhenDone { get; init; }

    /// <summary>Time after the run's end at which the machine is shut down even if nothing was fetched.</summary>
    public TimeSpan FetchWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether to show all commands and run only queries.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// A hash of configuration and data files: two plans with the same hash would produce the same run. Empty for a
    /// resumed run.
    /// </summary>
    internal string ComputeFingerprint() =>
        Resume || Configuration is null
            ? ""
            : Sha256.Compute(
                Configuration(new("", [.. Data.Select(data => data.RemotePrefix)], InitialModel?.RemoteName, 0))
                    + string.Concat(Data.Select(data => "\n" + data.Identity))
            );
}

/// <summary>Where a run's files are on its machine, and the resources it may use.</summary>
/// <param name="Folder">Absolute: the parent of checkpoints, logs and analysis_results.</param>
/// <param name="DataFolders">Absolute, in the plan's order.</param>
/// <param name="InitialModelPath">Absolute path of the model for a warm start, or null.</param>
/// <param name="Threads">The number of threads a process may use.</param>
public sealed record RunLocation(
    string Folder,
    IReadOnlyList<string> DataFolders,
    string? InitialModelPath,
    int Threads
);

/// <summary>The result of a deployment.</summary>
/// <param name="Folder">Absolute.</param>
public sealed record DeploymentOutcome(DeploymentResult Result, string Run, string Folder);

/// <summary>How a deployment ends unless it fails.</summary>
public enum DeploymentResult
{
    /// <summary>The run was started.</summary>
    Started,

    /// <summary>The same run is already running.</summary>
    AlreadyRunning,

    /// <summary>The same run is already complete.</summary>
    AlreadyDone,

    /// <summary>All commands were shown and only queries were run.</summary>
    DryRun,
}
