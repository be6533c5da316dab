using System.CommandLine;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Cli.Options;

/// <summary>The options of deploy for a Slurm cluster.</summary>
internal sealed record ClusterOptions(Option<string[]> Sbatch, Option<int?> Shards)
{
    private const int DefaultShards = 8;
    private const int MaxShards = 1000; // Slurm's default MaxArraySize is 1001

    /// <summary>The Slurm job runner with its options; any other job runner unchanged.</summary>
    /// <param name="extractArguments">Arguments of extract; empty: the features exist.</param>
    /// <exception cref="UsageException">Options of a cluster without --to slurm, or an invalid value.</exception>
    public IJobRunner Apply(
        IJobRunner jobRunner,
        ParseResult parseResult,
        DeploySettings settings,
        IReadOnlyList<string> extractArguments
    )
    {
        var options = settings.GetList(parseResult, Sbatch);
        var shards = settings.GetInt32(parseResult, Shards);
        if (jobRunner is not SlurmJobRunner)
        {
            if (parseResult.GetValue(Sbatch)!.Length > 0 || parseResult.GetValue(Shards) is not null)
                throw new UsageException("--sbatch and --shards require --to slurm");
            if (extractArguments.Count > 0)
                throw new UsageException(
                    "remote extraction requires --to slurm: extract on this machine, "
                        + "and pass the store with --data_dirs"
                );
            return jobRunner;
        }
        if (parseResult.GetValue(Shards) is not null && extractArguments.Count == 0)
            throw new UsageException("--shards requires an extraction, whose arguments follow a second --");
        if (shards is < 1 or > MaxShards)
            throw new UsageException($"--shards {shards}: expected 1 to {MaxShards}");
        return new SlurmJobRunner(
            new(options),
            extractArguments.Count == 0 ? null : new(extractArguments, shards ?? DefaultShards)
        );
    }
}
