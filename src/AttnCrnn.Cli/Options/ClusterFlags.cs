using System.CommandLine;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Cli.Options;

/// <summary>What deploy asks of a cluster.</summary>
internal sealed record ClusterFlags(Option<string[]> Sbatch, Option<int?> Shards)
{
    private const int DefaultShards = 8,
        MaxShards = 1000; // Slurm's own limit on an array is 1001 where it was not changed

    /// <summary>The keeper with what it needs to submit; another than Slurm's as it is.</summary>
    /// <param name="extract">Words of extract; none: the features are there.</param>
    /// <exception cref="UsageException">The flags belong to a cluster, and this is none; or a value is wrong.</exception>
    public IJobRunner Apply(
        IJobRunner jobRunner,
        ParseResult given,
        DeploySettings settings,
        IReadOnlyList<string> extract
    )
    {
        var options = settings.Words(given, Sbatch);
        var shards = settings.Number(given, Shards);
        if (jobRunner is not SlurmJobRunner)
        {
            if (given.GetValue(Sbatch)!.Length > 0 || given.GetValue(Shards) is not null)
                throw new UsageException("--sbatch and --shards go with --to slurm");
            if (extract.Count > 0)
                throw new UsageException(
                    "an extraction there goes with --to slurm: extract here, and name the store with --data_dirs"
                );
            return jobRunner;
        }
        if (given.GetValue(Shards) is not null && extract.Count == 0)
            throw new UsageException("--shards goes with an extraction, whose words stand behind a second --");
        if (shards is < 1 or > MaxShards)
            throw new UsageException($"--shards {shards}: expected 1 to {MaxShards}");
        return new SlurmJobRunner(new(options), extract.Count == 0 ? null : new(extract, shards ?? DefaultShards));
    }
}
