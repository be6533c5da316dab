using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features;

/// <summary>What an extraction shall do.</summary>
/// <param name="OutputDirectory">The store's folder; made if absent, added to if there.</param>
public sealed record ExtractionOptions(string OutputDirectory)
{
    /// <summary>Shards, or one .npz a clip.</summary>
    public StoreFormat Format { get; init; } = StoreFormat.Store;

    /// <summary>Of the numbers in shards.</summary>
    public StorePrecision Precision { get; init; } = StorePrecision.Float16;

    /// <summary>The share of clips that may be bad; with more, the run fails once every bad one is named.</summary>
    public double MaxInvalidFraction { get; init; } = 0.01;

    /// <summary>Clips worked on at once.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>This run's share of the clips.</summary>
    public ShardSpec Shard { get; init; } = ShardSpec.All;

    /// <summary>A shard file is closed when its frames fill this, which are kept in memory until then; a longer clip has a file to itself.</summary>
    public long BytesPerShard { get; init; } = 32L << 20;

    /// <summary>A shard file is closed this long after its first clip: what a kill can lose.</summary>
    public double SecondsPerShard { get; init; } = 10;

    /// <summary>All that is wrong with the values.</summary>
    public IEnumerable<string> Errors()
    {
        if (string.IsNullOrWhiteSpace(OutputDirectory))
            yield return "--out: expected a folder";
        if (MaxInvalidFraction is not (>= 0 and <= 1))
            yield return $"--max_bad {MaxInvalidFraction}: expected 0 (none) to 1 (all); the default is 0.01";
        if (Threads is < 1 or > 1024)
            yield return $"--threads {Threads}: expected 1 to 1024";
        if (Shard.Index < 1 || Shard.Index > Shard.Count)
            yield return $"--shard {Shard.Index}/{Shard.Count}: expected I/N with I from 1 to N";
        if (BytesPerShard is < 1 or > 1L << 31)
            yield return $"bytes per shard {BytesPerShard}: expected 1 to 2147483648";
        if (SecondsPerShard is not > 0)
            yield return $"seconds per shard {SecondsPerShard}: expected more than 0";
    }
}
