using AttnCrnn.IO;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>A feature extraction on a cluster before training, as one task per shard.</summary>
/// <param name="Arguments">
/// Sources on the cluster and options of <c>extract</c>, without the store and the shard.
/// </param>
public sealed record ClusterExtraction(IReadOnlyList<string> Arguments, int Shards)
{
    /// <summary>The feature store, relative to the deployment folder: equal arguments reuse its features.</summary>
    public string Store { get; } = $"data/extracted-{Sha256.Compute(string.Join('\0', Arguments))[..8]}";
}
