using AttnCrnn.Evaluation;
using AttnCrnn.Models;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Inventory;

/// <summary>A run of a working folder: what it is, how far it is, and its result.</summary>
/// <param name="Directory">Its folders.</param>
/// <param name="State">How far it is.</param>
public sealed record RunOverview(RunDirectory Directory, RunState State)
{
    /// <summary>Name of the run.</summary>
    public string Name => Directory.Name;

    /// <summary>Whether the run trained models; false: an evaluation of a model on other clips.</summary>
    public bool IsTraining { get; init; }

    /// <summary>Description of the first model; null: there is none yet.</summary>
    public TrainedModelInfo? Model { get; init; }

    /// <summary>The best models: one, or those of the trained folds.</summary>
    public IReadOnlyList<string> ModelPaths { get; init; } = [];

    /// <summary>Number of folds of the cross-validation; 0 without; null: one per speaker, not counted yet.</summary>
    public int? Folds { get; init; } = 0;

    /// <summary>Number of seeds of the run, at least 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Number of seeds that are trained completely.</summary>
    public int TrainedSeeds { get; init; }

    /// <summary>Metrics of the evaluated seeds; null: one seed, or not evaluated.</summary>
    public RepeatedMetrics? Repeats { get; init; }

    /// <summary>The split that was asked for, of a training: <c>auto</c>, <c>speaker</c>, <c>random</c>.</summary>
    public string? RequestedSplit { get; init; }

    /// <summary>Metrics, intervals and split; null: not evaluated.</summary>
    public MetricsSummary? Metrics { get; init; }

    /// <summary>Number of evaluated folds; 0 without cross-validation.</summary>
    public int EvaluatedFolds { get; init; }

    /// <summary>The file that cannot be read, and why; null: all files were read.</summary>
    public OptionText? Problem { get; init; }

    /// <summary>The split and its folds in a few words; empty if they are not known.</summary>
    public string Protocol =>
        Metrics is { } metrics ? SplitNames.Describe(metrics.Split, EvaluatedFolds)
        : Folds is null ? "one fold per speaker"
        : Folds > 0 ? FormattableString.Invariant($"{Folds} folds")
        : RequestedSplit ?? "";
}
