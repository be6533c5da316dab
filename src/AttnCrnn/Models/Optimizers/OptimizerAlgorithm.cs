using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Optimizers;

/// <summary>The optimizer of a training.</summary>
public enum OptimizerAlgorithm
{
    /// <summary>Adam.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,
}

/// <summary>The optimizer and the parameters that are the same in every step.</summary>
/// <param name="WeightDecay">Decay per step and learning rate; null with an optimizer that has none.</param>
/// <param name="ClipNorm">The largest norm of all gradients; 0 for any.</param>
internal sealed record OptimizerOptions(OptimizerAlgorithm Algorithm, double? WeightDecay, double ClipNorm);

/// <summary>
/// The optimizers: a new one is its file, its value of <see cref="OptimizerAlgorithm"/> and its line in the table.
/// </summary>
internal static class OptimizerAlgorithms
{
    private static readonly (
        string Name,
        OptimizerAlgorithm Algorithm,
        Func<ParameterBlocks, OptimizerOptions, IOptimizer> Create
    )[] Table =
    [
        ("adam", OptimizerAlgorithm.Adam, (blocks, _) => new Adam(blocks)),
        ("adamw", OptimizerAlgorithm.AdamW, (blocks, options) => new AdamW(blocks, options.WeightDecay!.Value)),
    ];

    /// <summary>All optimizers by name, in the order of the help.</summary>
    public static (string Name, OptimizerAlgorithm Algorithm)[] All { get; } =
    [.. Table.Select(row => (row.Name, row.Algorithm))];

    /// <summary>The optimizer of a network's parameters.</summary>
    public static IOptimizer Create(OptimizerOptions options, Parameters parameters, WorkerPool workers)
    {
        var blocks = new ParameterBlocks(parameters, workers);
        var optimizer = Array.Find(Table, row => row.Algorithm == options.Algorithm).Create(blocks, options);
        return options.ClipNorm > 0 ? new GlobalNormClipping(optimizer, blocks, options.ClipNorm) : optimizer;
    }
}
