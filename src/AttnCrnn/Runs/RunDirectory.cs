using System.Globalization;
using AttnCrnn.IO;
using AttnCrnn.Options;
using AttnCrnn.Training;
using AttnCrnn.Training.Checkpoints;

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

    /// <summary>
    /// The run that a user names: without the folder of a seed of a repeated run, whose name is <c>RUN/seed_43</c>.
    /// </summary>
    public string RunName => Name.Split('/')[0];

    /// <summary>The folders of a further seed of a repeated run, inside its own.</summary>
    internal RunDirectory GetSeed(ulong seed) => this with { Name = $"{Name}/{RunFolders.GetSeedFolderName(seed)}" };

    /// <summary>Start of the run, from its name; 1980 if it was renamed.</summary>
    public DateTime Started
    {
        get
        {
            var parts = RunName.Split('_');
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

    /// <summary>File with the program, the machine and the data of the run.</summary>
    /// <param name="fold">The only fold that the process trains; null for all of them.</param>
    public string GetProvenancePath(int? fold) =>
        Path.Combine(
            Analysis,
            fold is { } k ? $"provenance_{RunFolders.GetFoldFolderName(k)}.json" : "provenance.json"
        );

    /// <summary>Reads the run's configuration.</summary>
    /// <param name="notice">Receives warnings: of unknown options and of a newer version.</param>
    /// <param name="change">
    /// Changes options before they are parsed, such as paths that have moved; null for none.
    /// </param>
    /// <exception cref="InvalidInputException">The run does not exist.</exception>
    /// <exception cref="InvalidFileException">The file is damaged or an option is invalid.</exception>
    public RunConfiguration ReadConfiguration(Action<string> notice, Func<OptionValues, OptionValues>? change = null)
    {
        if (!File.Exists(Configuration))
            throw new InvalidInputException($"{Name}: no such run under {WorkFolder} ({Configuration} is missing)");
        var values = RunConfigurationFile.GetValues(RunConfigurationFile.ReadObject(Configuration), notice);
        foreach (var key in values.Keys.Where(key => RunConfiguration.Table.Find(key) is null))
            notice($"{Configuration}: '{key}' is not an option of this version and is ignored");
        var errors = new List<OptionError>();
        var configuration = RunConfiguration.Create(change?.Invoke(values) ?? values, errors);
        return errors.Count == 0
            ? configuration
            : throw new InvalidFileException(
                Configuration,
                null,
                string.Join("; ", errors),
                "the configuration of a run",
                "start a new run"
            );
    }

    /// <summary>
    /// A saved configuration of the run with the defaults that the run keeps: those with which its first checkpoint was
    /// written.
    /// </summary>
    public RunConfiguration WithDefaultsOfCheckpoints(RunConfiguration saved) =>
        saved with
        {
            DefaultsVersion = Checkpoint.FindFirstVersion(Checkpoints) ?? saved.DefaultsVersion,
        };

    /// <summary>Whether the run has a model or a checkpoint: its training has started.</summary>
    public bool HasStarted =>
        Directory.Exists(Checkpoints) && Directory.EnumerateFiles(Checkpoints, "*", SearchOption.AllDirectories).Any();

    /// <summary>Folder of the logs of a fold, or of the run without folds.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public string GetLogFolder(int? fold) => fold is { } k ? Path.Combine(Logs, RunFolders.GetFoldFolderName(k)) : Logs;

    /// <summary>Folder of a fold's models, or of the run's without folds.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public string GetModelFolder(int? fold) =>
        fold is { } k ? Path.Combine(Checkpoints, RunFolders.GetFoldFolderName(k)) : Checkpoints;

    /// <summary>Folder of the checkpoints of a fold, or of the run without folds.</summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    public string GetResumeFolder(int? fold) => ModelFolder.GetResumeFolder(GetModelFolder(fold));

    /// <summary>Creates the folders of a new run; a second run in the same second gets the suffix <c>_2</c>.</summary>
    /// <param name="model"><c>v2</c> or <c>v1</c>.</param>
    /// <exception cref="InvalidInputException">The working folder cannot be written.</exception>
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
    /// <exception cref="InvalidInputException">The working folder cannot be written.</exception>
    public static RunDirectory CreateAnalysis(string workFolder, string model, TimeProvider clock)
    {
        WritableFolder.Require(Path.GetFullPath(workFolder), OptionKeys.WorkFolder);
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

    /// <summary>The run of a name or of a folder of models.</summary>
    /// <param name="workFolder">Absolute path of the working folder.</param>
    /// <param name="run">
    /// <c>latest</c>: the run that was fetched last; <c>RUN/seed_43</c>: a further seed of a repeated run; the path of
    /// a folder in checkpoints/ or analysis_results/: a run of the working folder that these are in.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// <c>latest</c> is given, and no run was fetched, or it is not in the working folder.
    /// </exception>
    public static RunDirectory Open(string workFolder, string run)
    {
        var resolved = Path.TrimEndingDirectorySeparator(LatestRun.Resolve(workFolder, run));
        var folder = Directory.Exists(resolved)
            ? FindRunFolder(resolved, RunFolders.Checkpoints, RunFolders.Analysis)
            : null;
        return new(folder is null ? workFolder : GetWorkFolder(folder), GetNameOfFolder(resolved));
    }

    /// <summary>The run and the fold of a model file or of another file in a folder of models.</summary>
    /// <param name="model">In checkpoints/RUN, or in the folder of a seed or of a fold in it.</param>
    /// <returns>null: the file is in no run's folder.</returns>
    internal static (RunDirectory Run, int? Fold)? FindOfModel(string model)
    {
        var folder = new FileInfo(Path.GetFullPath(model)).Directory;
        var fold = RunFolders.ParseFold(folder?.Name);
        var run = fold is null ? folder : folder!.Parent; // or that of a seed in it
        for (var parent = run?.Parent; parent is not null; parent = parent.Parent)
            if (parent is { Name: RunFolders.Checkpoints, Parent: { } work })
                return (
                    new(work.FullName, StoredPath.Format(Path.GetRelativePath(parent.FullName, run!.FullName))),
                    fold
                );
        return null;
    }

    /// <summary>
    /// Whether a name is that of a run in a working folder, or of the folder of a seed or fold in it, as in
    /// <c>RUN/seed_43</c>; not of another folder or path.
    /// </summary>
    internal static bool IsNameOfModels(string workFolder, string name) =>
        name.Split('/') is [var run, .. var parts]
        && run.IndexOfAny(['/', '\\']) < 0
        && parts.All(IsPartOfRun)
        && Directory.Exists(new RunDirectory(workFolder, name).Checkpoints);

    /// <summary>
    /// Resolves a run name, a model folder or a model file to model files: the best model, or the best of each fold.
    /// </summary>
    /// <param name="workFolder">Absolute path of the working folder.</param>
    /// <param name="runOrFile"><c>latest</c>: the run that was fetched last.</param>
    /// <exception cref="RunWithoutModelException">The run has no model yet.</exception>
    /// <exception cref="InvalidInputException">There is no such run or file.</exception>
    public static IReadOnlyList<string> FindModels(string workFolder, string runOrFile)
    {
        runOrFile = LatestRun.Resolve(workFolder, runOrFile);
        if (File.Exists(runOrFile))
            return [Path.GetFullPath(runOrFile)];
        foreach (var folder in (string[])[runOrFile, new RunDirectory(workFolder, runOrFile).Checkpoints])
        {
            if (!Directory.Exists(folder))
                continue;
            return FindModelsIn(folder) is { Count: > 0 } models ? models : throw CreateMissingModelError(folder);
        }
        throw new InvalidInputException(
            runOrFile,
            MissingPath.Describe(
                runOrFile,
                $"neither a model file nor a run under {workFolder}{DescribeLatestRuns(workFolder)}"
            )
        );
    }

    /// <summary>
    /// What a run or model is called where paths must not appear: the name of the run, <c>RUN/fold_1</c>,
    /// <c>RUN/seed_43</c>, or the name of the model file.
    /// </summary>
    /// <param name="workFolder">Absolute path of the working folder.</param>
    /// <param name="runOrFile">As for <see cref="FindModels"/>.</param>
    /// <exception cref="InvalidInputException"><c>latest</c> is given, and no run was fetched.</exception>
    public static string GetModelName(string workFolder, string runOrFile) =>
        GetNameOfFolder(Path.TrimEndingDirectorySeparator(Path.GetFullPath(LatestRun.Resolve(workFolder, runOrFile))));

    /// <summary>The models in a folder: the best one, or the best of each fold; empty if there are none.</summary>
    /// <param name="folder">An existing folder.</param>
    internal static IReadOnlyList<string> FindModelsIn(string folder)
    {
        if (File.Exists(ModelFolder.GetBestModelPath(folder)))
            return [Path.GetFullPath(ModelFolder.GetBestModelPath(folder))];
        return
        [
            .. Directory
                .GetDirectories(folder, RunFolders.FoldPrefix + "*")
                .Select(ModelFolder.GetBestModelPath)
                .Where(File.Exists)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>The last five runs of a working folder, as the end of a message; empty if there are none.</summary>
    internal static string DescribeLatestRuns(string workFolder)
    {
        var names = string.Join(", ", List(workFolder).TakeLast(5));
        return names.Length > 0 ? $"; the latest runs are {names}" : "";
    }

    private static bool IsPartOfRun(string folder) =>
        RunFolders.ParseFold(folder) is not null || RunFolders.ParseSeed(folder) is not null;

    // With the name of the run if the folder is of a fold or seed.
    private static string GetNameOfFolder(string path)
    {
        var name = Path.GetFileName(path);
        return IsPartOfRun(name) && Path.GetDirectoryName(path) is { Length: > 0 } run
            ? $"{GetNameOfFolder(run)}/{name}"
            : name;
    }

    // The folder of a run, or of a fold in it.
    private static InvalidInputException CreateMissingModelError(string folder) =>
        FindRunFolder(folder, RunFolders.Checkpoints) is { } run
            ? new RunWithoutModelException(GetWorkFolder(run), run.Name)
            : new InvalidInputException(folder, "no model in this folder: pass a run, or a model file");

    // The folder that is, or contains, this one, directly in a folder of one of the names; null: none.
    private static DirectoryInfo? FindRunFolder(string path, params IReadOnlyList<string> names)
    {
        for (var run = new DirectoryInfo(path); run.Parent is { } parent; run = parent)
            if (names.Contains(parent.Name) && parent.Parent is not null)
                return run;
        return null;
    }

    private static string GetWorkFolder(DirectoryInfo run) => run.Parent!.Parent!.FullName;
}
