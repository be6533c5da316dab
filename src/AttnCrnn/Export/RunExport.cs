using AttnCrnn.Reports.Inventory;
using AttnCrnn.Runs;

namespace AttnCrnn.Export;

/// <summary>A run that is exported: its models, and where its metrics are.</summary>
/// <param name="Name">Name of the run or of the model file, without a path.</param>
/// <param name="ModelPaths">The best model, or the best of each fold; or a model file.</param>
/// <param name="AnalysisFolder">Folder of the metrics of these models; null: they are not evaluated.</param>
public sealed record RunExport(string Name, IReadOnlyList<string> ModelPaths, string? AnalysisFolder)
{
    /// <summary>Finds the models and metrics of a run.</summary>
    /// <param name="workFolder">Folder of the runs.</param>
    /// <param name="runOrModel">Name or folder of a run, <c>latest</c>, or a model file.</param>
    /// <exception cref="RunWithoutModelException">The run has no model yet.</exception>
    /// <exception cref="InvalidInputException">There is no such run or file.</exception>
    public static RunExport Find(string workFolder, string runOrModel)
    {
        var folder = Path.GetFullPath(workFolder);
        var paths = RunDirectory.FindModels(folder, runOrModel);
        return new(RunDirectory.GetModelName(folder, runOrModel), paths, ModelOrigin.Find(paths)?.AnalysisFolder);
    }
}
