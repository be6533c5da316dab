using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Features.Shards;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>Options of a feature extraction.</summary>
/// <param name="OutputDirectory">Folder of the store; created if absent, otherwise added to.</param>
public sealed record ExtractionOptions(string OutputDirectory)
{
    /// <summary>Shards, or one .npz file per clip.</summary>
    public StoreFormat Format { get; init; } = StoreFormat.Store;

    /// <summary>Precision of the values in shards.</summary>
    public StorePrecision Precision { get; init; } = StorePrecision.Float16;

    /// <summary>
    /// Maximum fraction of invalid clips; with more, extraction fails after all clips have been read.
    /// </summary>
    public double MaxInvalidFraction { get; init; } = DefaultMaxInvalidFraction;

    /// <summary>Default of <see cref="MaxInvalidFraction"/>, also for reading a store.</summary>
    public const double DefaultMaxInvalidFraction = 0.01;

    /// <summary>The channel of recordings whose clips have none of their own; by default the mean of all.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Number of clips processed in parallel.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Partition of the clips that this run extracts (<c>--shard</c>).</summary>
    public ClipPartition Partition { get; init; } = ClipPartition.All;

    /// <summary>
    /// Whether frames and index entries of clips that the sources do not name are removed from the store. No other run
    /// may write to the store at the same time.
    /// </summary>
    public bool Prune { get; init; }

    /// <summary>
    /// Maximum size of a shard's frames, which are buffered in memory; a longer clip is a shard of its own.
    /// </summary>
    public long BytesPerShard { get; init; } = 32L << 20;

    /// <summary>Maximum age of a shard before it is written: the work that a kill can lose.</summary>
    public double SecondsPerShard { get; init; } = 10;

    /// <summary>Returns all validation errors.</summary>
    public IEnumerable<OptionError> Errors()
    {
        if (string.IsNullOrWhiteSpace(OutputDirectory))
            yield return new(OptionKeys.Out, "", "expected a folder");
        if (ValidateMaxInvalidFraction(MaxInvalidFraction) is { } invalidFraction)
            yield return invalidFraction;
        if (ThreadCount.Validate(Threads) is { } threads)
            yield return threads;
        if (Partition.Index < 1 || Partition.Index > Partition.Count)
            yield return new(
                OptionKeys.Shard,
                $"{Partition.Index}/{Partition.Count}",
                "expected I/N with I from 1 to N"
            );
        if (Prune && Partition != ClipPartition.All)
            yield return new(
                OptionKeys.Prune,
                "",
                OptionText.Create(
                    $"removes clips that other shards may be writing; extract all shards, then run {OptionKeys.Prune} "
                        + $"once without {OptionKeys.Shard}"
                )
            );
        if (BytesPerShard is < 1 or > 1L << 31)
            yield return new(new("bytes_per_shard"), $"{BytesPerShard}", "expected 1 to 2147483648");
        if (SecondsPerShard is not > 0)
            yield return new(new("seconds_per_shard"), $"{SecondsPerShard}", "expected more than 0");
    }

    /// <summary>The validation error of a maximum fraction of invalid clips; null if it is valid.</summary>
    internal static OptionError? ValidateMaxInvalidFraction(double fraction) =>
        fraction is >= 0 and <= 1
            ? null
            : new(
                OptionKeys.MaxInvalidFraction,
                string.Create(CultureInfo.InvariantCulture, $"{fraction}"),
                OptionText.Create($"expected 0 (none) to 1 (all); the default is {DefaultMaxInvalidFraction}")
            );
}
