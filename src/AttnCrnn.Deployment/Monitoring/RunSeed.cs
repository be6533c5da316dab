namespace AttnCrnn.Deployment.Monitoring;

/// <summary>A seed of a repeated run.</summary>
/// <param name="Seed">The random seed.</param>
/// <param name="Number">From 1.</param>
/// <param name="Count">The number of seeds of the run.</param>
public readonly record struct RunSeed(ulong Seed, int Number, int Count)
{
    /// <summary><c>seed 43 (2 of 3)</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"seed {Seed} ({Number} of {Count})");

    /// <summary>The seed of an event.</summary>
    /// <returns>null: the run has one seed.</returns>
    internal static RunSeed? Create(ulong? seed, ulong? first, int? count) =>
        seed is { } value && first is { } start && count is { } all && value >= start && value - start < (ulong)all
            ? new(value, (int)(value - start) + 1, all)
            : null;
}
