using System.Globalization;
using AttnCrnn.Models;

namespace AttnCrnn.Runs;

/// <summary>Where a run's files are, under its working folder.</summary>
/// <param name="WorkFolder">Absolute.</param>
/// <param name="Name">As in <c>attn_crnn_v2_20260131_235959</c>.</param>
public sealed record RunDirectory(string WorkFolder, string Name)
{
    private const string Stamp = "yyyyMMdd_HHmmss";

    /// <summary>The models, and what resuming needs.</summary>
    public string Checkpoints => Path.Combine(WorkFolder, "checkpoints", Name);

    /// <summary>The text log and TensorBoard's events.</summary>
    public string Logs => Path.Combine(WorkFolder, "logs", Name);

    /// <summary>Figures, plots, the report and the configuration.</summary>
    public string Analysis => Path.Combine(WorkFolder, "analysis_results", Name);

    /// <summary>When the run began, by its name; 1980 where it was renamed.</summary>
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

    /// <summary>The run's resolved configuration.</summary>
    public string Configuration => Path.Combine(Analysis, "config.json");

    /// <summary>A fold's models, or the run's where there are no folds.</summary>
    /// <param name="fold">Counted from 1; null: no folds.</param>
    public string Models(int? fold) => fold is { } k ? Path.Combine(Checkpoints, $"fold_{k}") : Checkpoints;

    /// <summary>A new run's folders; a second run in the same second gets <c>_2</c>.</summary>
    /// <param name="model"><c>v2</c> or <c>v1</c>.</param>
    public static RunDirectory Create(string workFolder, string model, TimeProvider clock)
    {
        var stem = $"attn_crnn_{model}_{clock.GetLocalNow().ToString(Stamp, CultureInfo.InvariantCulture)}";
        for (var number = 1; ; number++)
        {
            var run = new RunDirectory(Path.GetFullPath(workFolder), number == 1 ? stem : $"{stem}_{number}");
            if (Directory.Exists(run.Analysis) || Directory.Exists(run.Checkpoints))
                continue;
            Directory.CreateDirectory(run.Analysis);
            Directory.CreateDirectory(run.Checkpoints);
            return run;
        }
    }

    /// <summary>The models that a run's name, a run's folder or a model file stands for: the best one, or the best of each fold.</summary>
    /// <exception cref="InvalidInputException">There is no such run or file, or it has no model yet.</exception>
    public static IReadOnlyList<string> ModelFolder(string workFolder, string runOrFile)
    {
        if (File.Exists(runOrFile))
            return [Path.GetFullPath(runOrFile)];
        var name = "best_attn_crnn_model" + ModelFile.Extension;
        foreach (var folder in (string[])[runOrFile, new RunDirectory(workFolder, runOrFile).Checkpoints])
        {
            if (!Directory.Exists(folder))
                continue;
            if (File.Exists(Path.Combine(folder, name)))
                return [Path.GetFullPath(Path.Combine(folder, name))];
            string[] folds =
            [
                .. Directory
                    .GetDirectories(folder, "fold_*")
                    .Select(fold => Path.Combine(fold, name))
                    .Where(File.Exists)
                    .Order(StringComparer.Ordinal),
            ];
            if (folds.Length > 0)
                return folds;
            throw new InvalidInputException(
                $"{folder}: no model in it yet; go on with: train --resume {Path.GetFileName(folder.TrimEnd('/'))}"
            );
        }
        var known = Directory.Exists(Path.Combine(workFolder, "checkpoints"))
            ? string.Join(
                ", ",
                Directory
                    .GetDirectories(Path.Combine(workFolder, "checkpoints"))
                    .Select(Path.GetFileName)
                    .Order(StringComparer.Ordinal)
                    .TakeLast(5)
            )
            : "";
        throw new InvalidInputException(
            $"{runOrFile}: neither a model file nor a run under {workFolder}{(known.Length > 0 ? $"; the latest are {known}" : "")}"
        );
    }
}
