using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Reports.ModelCards;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Reports.Inventory;

/// <summary>The trainings and evaluations of a working folder.</summary>
public static class RunInventory
{
    /// <summary>Reads all runs, the oldest first. A run that cannot be read is listed as damaged.</summary>
    /// <param name="workFolder">Folder that holds checkpoints/ and analysis_results/.</param>
    /// <exception cref="InvalidInputException">The folder does not exist.</exception>
    public static IReadOnlyList<RunOverview> Read(string workFolder)
    {
        var folder = Path.GetFullPath(workFolder);
        if (!Directory.Exists(folder))
            throw new InvalidInputException(workFolder, "no such folder: name the working folder of the runs");
        return
        [
            .. ListNames(folder)
                .Select(name => new RunDirectory(folder, name))
                .Where(IsRun)
                .OrderBy(run => run.Started)
                .ThenBy(run => run.Name, StringComparer.Ordinal)
                .Select(ReadRun),
        ];
    }

    /// <summary>Reads a run.</summary>
    internal static RunOverview ReadRun(RunDirectory run)
    {
        var isTraining = Directory.Exists(run.Checkpoints);
        try
        {
            return isTraining ? ReadTraining(run) : ReadEvaluation(run);
        }
        catch (InvalidInputException exception)
        {
            return new(run, RunState.Damaged)
            {
                IsTraining = isTraining,

                Problem = exception.Text,
            };
        }
    }

    private static IEnumerable<string> ListNames(string workFolder)
    {
        var analysis = Path.Combine(workFolder, RunFolders.Analysis);
        var evaluated = Directory.Exists(analysis)
            // Not the link to the run that was fetched last.
            ? Directory.GetDirectories(analysis).Where(path => new DirectoryInfo(path).LinkTarget is null)
            : [];
        return RunDirectory.List(workFolder).Concat(evaluated.Select(path => Path.GetFileName(path))).Distinct();
    }

    // Other programs may have folders there.
    private static bool IsRun(RunDirectory run) =>
        File.Exists(run.Configuration)
        || File.Exists(Path.Combine(run.Analysis, MetricsJson.FileName))
        || run.HasStarted;

    private static RunOverview ReadEvaluation(RunDirectory run)
    {
        var metrics = CardMetrics.Read(run.Analysis);
        return new(run, metrics is null ? RunState.Unfinished : RunState.Evaluated)
        {
            Metrics = metrics?.Summary,
            EvaluatedFolds = metrics?.Folds ?? 0,
        };
    }

    private static RunOverview ReadTraining(RunDirectory run)
    {
        var configuration = File.Exists(run.Configuration) ? run.ReadConfiguration(_ => { }) : null;
        var folds = configuration?.Experiment.Folds;
        var paths = RunDirectory.FindModelsIn(run.Checkpoints);
        var models = paths.Select(path => ModelFile.Read(path).Info).ToList();
        var metrics = CardMetrics.Read(run.Analysis);
        List<RunDirectory> seeds = [run, .. (configuration?.Seeds ?? []).Skip(1).Select(run.GetSeed)];
        var trainedSeeds = seeds.Count(seed => IsTrained(seed, folds?.Number ?? 0));
        var isTrained = trainedSeeds == seeds.Count;
        var skipsEvaluation = configuration is { SkipsEvaluation: true };
        var state =
            !isTrained || (metrics is null && !skipsEvaluation && configuration is not null) ? RunState.Unfinished
            : metrics is null ? RunState.NotEvaluated
            : RunState.Evaluated;
        return new(run, state)
        {
            IsTraining = true,
            Model = models.FirstOrDefault(),
            ModelPaths = paths,
            Folds =
                folds is { DependsOnClips: true } ? (metrics?.Folds)
                : folds is { } count ? count.Number
                : ListFoldFolders(run).Count,
            RequestedSplit = configuration is null
                ? null
                : RunConfiguration.Table[OptionKeys.Split].Format(configuration),
            Metrics = metrics?.Summary,
            EvaluatedFolds = metrics?.Folds ?? 0,
            Seeds = seeds.Count,
            TrainedSeeds = trainedSeeds,
            Repeats = metrics?.Repeats,
        };
    }

    private static bool IsTrained(RunDirectory run, int folds) =>
        Directory.Exists(run.Checkpoints)
        && RunDirectory.FindModelsIn(run.Checkpoints).Count > 0
        && FindFolds(run, folds).All(fold => IsTrained(run, fold));

    // Those of the configuration, or, if their number depends on the speakers, those that have been started.
    private static List<int?> FindFolds(RunDirectory run, int number) =>
        number > 0 ? [.. Enumerable.Range(1, number).Select(fold => (int?)fold)]
        : ListFoldFolders(run) is { Count: > 0 } folds ? folds
        : [null];

    private static List<int?> ListFoldFolders(RunDirectory run) =>
        [
            .. Directory
                .GetDirectories(run.Checkpoints, RunFolders.FoldPrefix + "*")
                .Select(path => Path.GetFileName(path)[RunFolders.FoldPrefix.Length..])
                .Where(number => int.TryParse(number, out _))
                .Select(number => (int?)int.Parse(number, System.Globalization.CultureInfo.InvariantCulture))
                .Order(),
        ];

    // The checkpoints of a run may have been removed, or not fetched.
    private static bool IsTrained(RunDirectory run, int? fold)
    {
        var resume = run.GetResumeFolder(fold);
        return Trainer.ListCheckpoints(run.GetModelFolder(fold)).Count > 0
            ? Trainer.IsFinished(resume)
            : File.Exists(ModelFolder.GetBestModelPath(run.GetModelFolder(fold)));
    }
}
