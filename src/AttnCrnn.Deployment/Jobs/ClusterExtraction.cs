using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>An extraction that a cluster does before a training, by as many tasks as it has shards.</summary>
/// <param name="Words">Sources there and flags of <c>extract</c>, without the store and the shard.</param>
public sealed record ClusterExtraction(IReadOnlyList<string> Words, int Shards)
{
    /// <summary>The store, within the machine's folder: the same words find their frames again.</summary>
    public string Store { get; } = $"data/extracted-{DataFolder.Hash(string.Join('\0', Words))[..8]}";
}
