using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>The settings of deploy.</summary>
internal sealed record DeployCommandSettings : RemoteSettings
{
    /// <summary>Hours after which a machine is shut down even if nothing was fetched.</summary>
    public const double DefaultFetchWithinHours = 24;

    private const int DefaultShards = 8;
    private const int MaxShards = 1000; // Slurm's default MaxArraySize is 1001

    /// <summary>Folder of the program to upload; null for this program.</summary>
    public string? Program { get; init; }

    /// <summary>Name of the run to resume.</summary>
    public string? Resume { get; init; }

    /// <summary>Whether the settings are asked for and written.</summary>
    public bool Init { get; init; }

    /// <summary>Whether nothing is changed.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether the terminal is attached to the session.</summary>
    public bool Attach { get; init; }

    /// <summary>Whether a running session is stopped.</summary>
    public bool Replace { get; init; }

    /// <summary>Time for a replaced run to end.</summary>
    public double GraceSeconds { get; init; } = GraceOption.DefaultSeconds;

    /// <summary>Whether the machine is shut down after the results have been fetched.</summary>
    public bool StopWhenDone { get; init; }

    /// <summary>Hours after the end at which the machine is shut down even if nothing was fetched.</summary>
    public double? FetchWithinHours { get; init; }

    /// <summary>Options of sbatch.</summary>
    public IReadOnlyList<string> Sbatch { get; init; } = [];

    /// <summary>Tasks of an extraction on a cluster.</summary>
    public int? Shards { get; init; }

    /// <summary>The training of the arguments after --; null with --init and --resume.</summary>
    public TrainRequest? Train { get; init; }

    /// <summary>The arguments of extract, after a second -- or from the file; empty: the features exist.</summary>
    public IReadOnlyList<string> Extract { get; init; } = [];

    /// <summary>The options of deploy.</summary>
    public static IEnumerable<OptionDefinition<DeployCommandSettings>> Options =>
        [
            new OptionDefinition<DeployCommandSettings, string?>(
                RemoteOptionKeys.Program,
                OptionTypes.Text,
                settings => settings.Program,
                (settings, value) => settings with { Program = value }
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "DIR",
                DefaultText = "this program, or one published from the clone it was built in",
                Help = "Upload the program of this folder.",
                Probe = new("missing", OptionEffect.Outcome),
            },
            new OptionDefinition<DeployCommandSettings, string?>(
                OptionKeys.Resume,
                OptionTypes.Text,
                settings => settings.Resume,
                (settings, value) => settings with { Resume = value }
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "RUN",
                Help = "Resume this run, which is on the machine or was fetched to this one.",
                Probe = new("missing", OptionEffect.Outcome),
            },
            new OptionDefinition<DeployCommandSettings, bool>(
                new("init"),
                OptionTypes.Switch,
                settings => settings.Init,
                (settings, value) => settings with { Init = value }
            )
            {
                Group = OptionGroups.Machine,
                Help = $"Ask for the settings and write {DeploySettings.FileName}.",
                Probe = new("", OptionEffect.Files),
            },
            new OptionDefinition<DeployCommandSettings, bool>(
                new("dry_run"),
                OptionTypes.Switch,
                settings => settings.DryRun,
                (settings, value) => settings with { DryRun = value }
            )
            {
                Group = OptionGroups.Machine,
                Help = "Print every command; query the machine without changing anything on it.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<DeployCommandSettings, bool>(
                RemoteOptionKeys.Attach,
                OptionTypes.Switch,
                settings => settings.Attach,
                (settings, value) => settings with { Attach = value }
            )
            {
                Group = OptionGroups.Machine,
                Help = "Attach to the session that is running or has been started.",
                Probe = new("", OptionEffect.Outcome),
            },
            new OptionDefinition<DeployCommandSettings, bool>(
                RemoteOptionKeys.Replace,
                OptionTypes.Switch,
                settings => settings.Replace,
                (settings, value) => settings with { Replace = value }
            )
            {
                Group = OptionGroups.Machine,
                Help = "Stop a running session, after a checkpoint, and repeat a finished run.",
                Probe = new("", OptionEffect.Outcome),
            },
            GraceOption.Create<DeployCommandSettings>(
                "Kill a replaced run if it has not ended after this time.",
                settings => settings.GraceSeconds,
                (settings, value) => settings with { GraceSeconds = value }
            ),
            new OptionDefinition<DeployCommandSettings, bool>(
                RemoteOptionKeys.StopWhenDone,
                OptionTypes.Switch,
                settings => settings.StopWhenDone,
                (settings, value) => settings with { StopWhenDone = value }
            )
            {
                Group = OptionGroups.Machine,
                Help = "Shut the machine down once the results have been fetched.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<DeployCommandSettings, double?>(
                RemoteOptionKeys.FetchWithin,
                OptionTypes.Optional(OptionTypes.Number),
                settings => settings.FetchWithinHours,
                (settings, value) => settings with { FetchWithinHours = value }
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "HOURS",
                Range = OptionRange.Between(0, 8760),
                Unit = "hours",
                DefaultText = DefaultFetchWithinHours.ToString(CultureInfo.InvariantCulture),
                Help = "Shut down this long after the end with --stop_when_done, even if nothing was fetched.",
                Probe = new("1", OptionEffect.Output) { Setup = ["stop_when_done=true", "replace=true"] },
            },
            new OptionDefinition<DeployCommandSettings, IReadOnlyList<string>>(
                RemoteOptionKeys.Sbatch,
                OptionTypes.Texts,
                settings => settings.Sbatch,
                (settings, value) => settings with { Sbatch = value }
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "OPTION=VALUE…",
                DefaultText = string.Create(
                    CultureInfo.InvariantCulture,
                    $"cpus-per-task={SbatchOptions.DefaultProcessors}"
                ),
                Help = "Pass these options to sbatch with --to slurm, for example partition=long time=04:00:00.",
                Probe = new("time=1", OptionEffect.Output) { Setup = ["to=slurm", "replace=true"] },
            },
            new OptionDefinition<DeployCommandSettings, int?>(
                OptionKeys.Shards,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                settings => settings.Shards,
                (settings, value) => settings with { Shards = value }
            )
            {
                Group = OptionGroups.Machine,
                ValueName = "N",
                Range = OptionRange.Between(1, MaxShards),
                DefaultText = DefaultShards.ToString(CultureInfo.InvariantCulture),
                Help = "Extract in this number of tasks, with --to slurm and an extraction.",
                Probe = new("2", OptionEffect.Output) { Setup = ["to=slurm", "replace=true"] },
            },
        ];

    /// <exception cref="UsageException">Two options contradict each other.</exception>
    public void RequireConsistent(bool isCluster)
    {
        if (isCluster && (StopWhenDone || Attach))
            throw new UsageException(
                "--stop_when_done and --attach cannot be used with --to slurm: "
                    + "a cluster is not shut down, and a job has no session"
            );
        if (FetchWithinHours is not null && !StopWhenDone)
            throw new UsageException("--fetch_within requires --stop_when_done");
    }

    /// <summary>The Slurm job runner with its options; any other job runner unchanged.</summary>
    /// <param name="extractArguments">Arguments of extract; empty: the features exist.</param>
    /// <exception cref="UsageException">Options of a cluster without --to slurm.</exception>
    public IJobRunner ApplyClusterOptions(IJobRunner jobRunner, IReadOnlyList<string> extractArguments)
    {
        if (jobRunner is not SlurmJobRunner)
        {
            if (CommandLine.Contains(RemoteOptionKeys.Sbatch) || CommandLine.Contains(OptionKeys.Shards))
                throw new UsageException("--sbatch and --shards require --to slurm");
            if (extractArguments.Count > 0)
                throw new UsageException(
                    "remote extraction requires --to slurm: extract on this machine, "
                        + "and pass the store with --data_dirs"
                );
            return jobRunner;
        }
        if (CommandLine.Contains(OptionKeys.Shards) && extractArguments.Count == 0)
            throw new UsageException("--shards requires an extraction, whose arguments follow a second --");
        return new SlurmJobRunner(
            new(Sbatch),
            extractArguments.Count == 0 ? null : new(extractArguments, Shards ?? DefaultShards)
        );
    }
}
