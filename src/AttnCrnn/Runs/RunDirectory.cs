using System.Globalization;
using AttnCrnn.Models;

namespace AttnCrnn.Runs;

/// <summary>Folders and files of a run.</summary>
/// <param name="WorkFolder">Absolute path of the working folder.</param>
/// <param name="Name">Name of the run, such as <c>attn_crnn_v2_20260131_235959</c>.</param>
public sealed record RunDirectory(string WorkFolder, string Name)
{
    private const string Stamp = "yyyyMMdd_HHmmss";

    /// <summary>Folder of the models and checkpoints.</summary>
    public string Checkpoints => Path.Combine(WorkFolder, RunFolders.Checkpoints, Name);

    /// <summary>Folder of the text log and the TensorBoard event files.</summary>
    public string Logs => Path.Combine(WorkFolder, RunFolders.Logs, Name);

    /// <summary>Folder of metrics, plots, report and configuration.</summary>
    public string Analysis => Path.Combine(WorkFolder, RunFolders.Analysis, Name);

    /// <summary>Start of the run, from its name; 1980 if it was renamed.</summary>
    public DateTime Started
    {
        get
        {
            var parts = Name.Split('_');
            for (var i = 1; i < parts.Length; i++)
                if (
                    DateTime.TryParseExact(
                        $"{parts[i - 1]}_{parts[i]}",
                        Stamp,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.None,
                        out var started
                    )
                )
                    return started;
            return new(1980, 1, 1);
        }
    }

    /// <summary>File of the run's report.</summary>
    public string Report => Path.Combine(Analysis, RunFolders.Report);

    /// <summary>File of the run's resolved configuration.</summary>
    public string Configuration => Path.Combine(Analysis, RunFolders.Configuration);

    /// <summary>Folder of a fold's models, or of the run's without folds.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public string GetModelFolder(int? fold) =>
        fold is { } k ? Path.Combine(Checkpoints, RunFolders.GetFoldFolderName(k)) : Checkpoints;

    /// <summary>Folder of the checkpoints of a fold, or of the run without folds.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public string GetResumeFolder(int? fold) => GetResumeFolder(GetModelFolder(fold));

    /// <summary>Creates the folders of a new run; a second run in the same second gets the suffix <c>_2</c>.</summary>
    /// <param name="model"><c>v2</c> or <c>v1</c>.</param>
    public static RunDirectory Create(string workFolder, string model, TimeProvider clock)
    {
        var run = CreateAnalysis(workFolder, model, clock);
        Directory.CreateDirectory(run.Checkpoints);
        return run;
    }

    /// <summary>
    /// Creates the folder of a new evaluation, <see cref="Analysis"/>, under a name that no run has. An evaluation
    /// has no folder of models.
    /// </summary>
    /// <param name="model"><c>v2</c> or <c>v1</c>.</param>
    public static RunDirectory CreateAnalysis(string workFolder, string model, TimeProvider clock)
    {
        var stem = $"attn_crnn_{model}_{clock.GetLocalNow().ToString(Stamp, CultureInfo.InvariantCulture)}";
        for (var number = 1; ; number++)
        {
            var run = new RunDirectory(Path.GetFullPath(workFolder), number == 1 ? stem : $"{stem}_{number}");
            if (Directory.Exists(run.Analysis) || Directory.Exists(run.Checkpoints))
                continue;
            Directory.CreateDirectory(run.Analysis);
            return run;
        }
    }

    /// <summary>Path of the best epoch's model in a model folder.</summary>
    internal static string GetBestModelPath(string modelFolder) =>
        Path.Combine(modelFolder, "best_attn_crnn_model" + ModelFile.Extension);

    /// <summary>Path of the model after the last epoch in a model folder.</summary>
    internal static string GetFinalModelPath(string modelFolder) =>
        Path.Combine(modelFolder, "final_attn_crnn_model" + ModelFile.Extension);

    /// <summary>Folder of the checkpoints in a model folder.</summary>
    internal static string GetResumeFolder(string modelFolder) => Path.Combine(modelFolder, "resume");

    /// <summary>Names of the runs in a working folder, in alphabetical order.</summary>
    public static IReadOnlyList<string> List(string workFolder)
    {
        var checkpoints = Path.Combine(workFolder, RunFolders.Checkpoints);
        return Directory.Exists(checkpoints)
            ?
            [
                .. Directory
                    .GetDirectories(checkpoints)
                    .Select(path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal),
            ]
            : [];
    }

    /// <summary>
    /// Resolves a run name, a model folder or a model file to model files: the best model, or the best of each fold.
    /// </summary>
    /// <exception cref="InvalidInputException">There is no such run or file, or the run has no model yet.</exception>
    public static IReadOnlyList<string> FindModels(string workFolder, string runOrFile)
    {
        if (File.Exists(runOrFile))
            return [Path.GetFullPath(runOrFile)];
        foreach (var folder in (string[])[runOrFile, new RunDirectory(workFolder, runOrFile).Checkpoints])
        {
            if (!Directory.Exists(folder))
                continue;
            if (File.Exists(GetBestModelPath(folder)))
                return [Path.GetFullPath(GetBestModelPath(folder))];
            string[] folds =
            [
                .. Directory
                    .GetDirectories(folder, RunFolders.FoldPrefix + "*")
                    .Select(GetBestModelPath)
                    .Where(File.Exists)
                    .Order(StringComparer.Ordinal),
            ];
            if (folds.Length > 0)
                return folds;
            throw new InvalidInputException(
                folder,
                $"no model yet; resume with: train --resume {Path.GetFileName(folder.TrimEnd('/'))}"
            );
        }
        var latestRuns = string.Join(", ", List(workFolder).TakeLast(5));
        var hint = latestRuns.Length > 0 ? $"; the latest runs are {latestRuns}" : "";
        throw new InvalidInputException(runOrFile, $"neither a model file nor a run under {workFolder}{hint}");
    }
}
