using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment;

/// <summary>What is to run where.</summary>
public sealed record DeploymentPlan
{
    /// <summary>Where it runs.</summary>
    public required Machine Machine { get; init; }

    /// <summary>What keeps it going there.</summary>
    public required IJobRunner JobRunner { get; init; }

    /// <summary>As <see cref="RemoteFolder.Clean"/> gives it.</summary>
    public required string Folder { get; init; }

    /// <summary>As <see cref="SessionName"/> lets it through.</summary>
    public required string Session { get; init; }

    /// <summary>Where the program that is uploaded comes from.</summary>
    public required ProgramSource Program { get; init; }

    /// <summary>Of a new run: attn_crnn_v2_20260131_235959. Of one that goes on: its name.</summary>
    public required string Run { get; init; }

    /// <summary>Whether <see cref="Run"/> goes on: with its own configuration and data where it is there, else as <see cref="Copy"/> has it.</summary>
    public bool Resume { get; init; }

    /// <summary>The working folder here that has a copy of the run that goes on; null where none has. <see cref="Data"/> and <see cref="Configuration"/> are then the copy's.</summary>
    public string? Copy { get; init; }

    /// <summary>Folders of features, in the order of the configuration.</summary>
    public IReadOnlyList<DataFolder> Data { get; init; } = [];

    /// <summary>The model with whose weights the run begins; null: it begins with drawn ones.</summary>
    public InitialModel? Initial { get; init; }

    /// <summary>The resolved configuration of the run, JSON; null where the run has its own.</summary>
    public Func<RunLocation, string>? Configuration { get; init; }

    /// <summary>Whether a session that is running is ended first, and a run that is done is done again.</summary>
    public bool Replace { get; init; }

    /// <summary>How long a training that is to be replaced may take to write its checkpoint.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the machine is switched off when the results were fetched.</summary>
    public bool StopWhenDone { get; init; }

    /// <summary>When it is switched off in any case, from the run's end.</summary>
    public TimeSpan FetchWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Whether commands are shown, and none that changes something is run.</summary>
    public bool DryRun { get; init; }

    /// <summary>The same for two plans that would make the same run: what it is asked to do, and on which files. Empty for one that goes on.</summary>
    internal string Fingerprint() =>
        Resume || Configuration is null
            ? ""
            : DataFolder.Hash(
                Configuration(new("", [.. Data.Select(data => data.Source)], Initial?.RemoteName, 0))
                    + string.Concat(Data.Select(data => "\n" + data.Identity()))
            );
}

/// <summary>Where a run's files are on its machine, and what it may use.</summary>
/// <param name="Folder">Absolute: checkpoints, logs and analysis_results are under it.</param>
/// <param name="DataFolders">Absolute, in the plan's order.</param>
/// <param name="Initial">Absolute, the model with whose weights the run begins; null where it has none.</param>
/// <param name="Threads">That the machine gives to a process.</param>
public sealed record RunLocation(string Folder, IReadOnlyList<string> DataFolders, string? Initial, int Threads);

/// <summary>What a deployment came to.</summary>
/// <param name="Folder">Absolute.</param>
public sealed record DeploymentOutcome(DeploymentResult Result, string Run, string Folder);

/// <summary>How a deployment ends when it does not fail.</summary>
public enum DeploymentResult
{
    /// <summary>The training is at work.</summary>
    Started,

    /// <summary>This very run is at work already.</summary>
    AlreadyRunning,

    /// <summary>This very run was done before.</summary>
    AlreadyDone,

    /// <summary>Every command was shown, and none that changes something was run.</summary>
    DryRun,
}
