using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Reports.Inventory;

/// <summary>The run in whose folders model files are.</summary>
/// <param name="Directory">Its folders.</param>
/// <param name="Fold">The fold of the model; null: the model, or all models, of the run.</param>
/// <param name="IsBest">Whether the models are those that an evaluation of the run evaluates.</param>
public sealed record ModelOrigin(RunDirectory Directory, int? Fold, bool IsBest)
{
    /// <summary>Folder of the metrics of these models; null: they are not evaluated.</summary>
    public string? AnalysisFolder =>
        IsBest && File.Exists(Path.Combine(Directory.Analysis, MetricsJson.FileName)) ? Directory.Analysis : null;

    /// <summary>The run of model files; null: they are in no run.</summary>
    /// <param name="paths">As returned by <see cref="RunDirectory.FindModels"/>, at least one.</param>
    public static ModelOrigin? Find(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var isBest = paths.All(path => path == ModelFolder.GetBestModelPath(Path.GetDirectoryName(path)!));
        return RunDirectory.FindOfModel(paths[0]) is var (run, fold)
            ? new(run, paths.Count == 1 ? fold : null, isBest)
            : null;
    }
}
