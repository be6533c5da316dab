using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Features;
using AttnCrnn.IO;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Reports.TensorBoard;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>A training run, from its first epoch to its report.</summary>
internal sealed class TrainingSession(
    RunDirectory run,
    Experiment experiment,
    ExperimentOptions options,
    FeatureStore store,
    ConsoleOutput console
)
{
    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(TrainingSession)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+')[0];

    /// <summary>Trains all folds, or one.</summary>
    /// <exception cref="InterruptedException">The user interrupted it; the message says how to resume.</exception>
    public void Train(int? onlyFold, CancellationToken cancellationToken)
    {
        // A fold trained alone may run in parallel with others, in separate processes or on separate machines.
        var logs = onlyFold is { } number ? Path.Combine(run.Logs, RunFolders.GetFoldFolderName(number)) : run.Logs;
        Directory.CreateDirectory(logs);
        using var log = new StreamWriter(Path.Combine(logs, "train.log"), append: true) { AutoFlush = true };
        void WriteLine(string text)
        {
            log.WriteLine(text);
            console.WriteMessage(text);
        }
        WriteLine($"run {run.Name}");
        WriteLine($"encoder {store.Description.Encoder}");
        var configuration = RemovePaths(ConfigFile.Read(run.Configuration));
        try
        {
            foreach (var fold in experiment.FoldNumbers.Where(fold => onlyFold is null || fold == onlyFold))
                TrainFold(fold, configuration, WriteLine, cancellationToken);
        }
        catch (InvalidInputException exception) when (FindNewestCheckpoint() is { } checkpoint)
        {
            throw new InvalidInputException(
                $"{exception.Message}. The last checkpoint is {checkpoint}: resume with  train --resume {run.Name}",
                exception
            );
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                "interrupted"
                    + (
                        FindNewestCheckpoint() is { } checkpoint
                            ? $"; the checkpoint is {checkpoint}"
                            : " before the first checkpoint"
                    )
                    + $": resume with  train --resume {run.Name}"
            );
        }
    }

    // Models are shared, so they contain the names of the feature folders without the paths of this machine.
    private static JsonObject RemovePaths(JsonCursor configuration)
    {
        var sharedConfiguration = configuration.ToJsonObject();
        foreach (var key in (string[])["workdir", "threads"])
            sharedConfiguration.Remove(key);
        if (configuration.Find("data_dirs") is { IsArray: true } folders)
            sharedConfiguration["data_dirs"] = new JsonArray([
                .. folders.Items.Select(folder => (JsonNode?)Path.GetFileName(folder.AsText()?.TrimEnd('/'))),
            ]);
        if (configuration.Find("init")?.AsText() is { } initial)
            sharedConfiguration["init"] = Path.GetFileName(initial);
        return sharedConfiguration;
    }

    private void TrainFold(
        int? fold,
        JsonObject configuration,
        Action<string> writeLine,
        CancellationToken cancellationToken
    )
    {
        var name = fold is { } k ? $"fold {k}/{experiment.Splits.Count} " : "";
        EventLog? eventLog = null;
        void ShowProgress(Action<double, string> reportProgress, TrainingProgress progress)
        {
            reportProgress(
                (progress.Epoch - 1 + ((double)progress.Step / progress.Steps)) / progress.Epochs,
                $"{name}epoch {progress.Epoch}/{progress.Epochs} loss {progress.Loss:0.000} "
                    + $"{progress.ClipsPerSecond:0} clips/s, "
                    + $"up to {DurationText.Format(progress.Remaining)} left"
            );
            if (progress.LastEpoch is not { } metrics)
                return;
            writeLine(name + FormatEpoch(progress, metrics));
            eventLog ??= new(
                fold is { } number ? Path.Combine(run.Logs, RunFolders.GetFoldFolderName(number)) : run.Logs,
                TimeProvider.System
            );
            eventLog.Add(metrics);
        }
        try
        {
            var outcome = console.Track($"{name}training", reportProgress =>
                experiment.Train(
                    fold,
                    new(run, (JsonObject)configuration.DeepClone(), Version, TimeProvider.System),
                    new InlineProgress<TrainingProgress>(progress => ShowProgress(reportProgress, progress)),
                    cancellationToken
                )
            );
            if (outcome.StoppedEarly)
                writeLine(
                    $"{name}early stopping after epoch {outcome.History.Count}; the best epoch is {outcome.BestEpoch}"
                );
        }
        finally
        {
            eventLog?.Dispose();
        }
    }

    private string? FindNewestCheckpoint() =>
        experiment
            .FoldNumbers.SelectMany(fold => Trainer.ListCheckpoints(run.GetModelFolder(fold)))
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault();

    /// <summary>Evaluates the trained models, writes the analysis files and prints the metrics.</summary>
    public EvaluationResult EvaluateAndReport(CancellationToken cancellationToken)
    {
        var result = experiment.Evaluate(run, cancellationToken);
        var report = new RunReport(
            run.Name,
            result,
            HistoryCurves.Create(experiment, run),
            DescribeConfiguration(),
            store.Description.Encoder.ToString(),
            Version
        );
        AnalysisFolder.Write(run.Analysis, report);
        Print(console, result);
        console.WriteResult($"report   {run.Report}");
        console.WriteResult($"run      {run.Name}");
        return result;
    }

    /// <summary>Prints the main metrics, with four digits.</summary>
    public static void Print(ConsoleOutput console, EvaluationResult result)
    {
        static string FormatMetric(string name, double metric, ConfidenceInterval? interval) =>
            $"{name, -8} {metric:0.0000}"
            + (interval is { } bounds ? $"  (95% {bounds.Low:0.0000} to {bounds.High:0.0000})" : "");
        if (result.Protocol.Synthetic)
            console.WriteResult(
                "SYNTHETIC recordings: the metrics only show that the program works; they are not valid for real speech"
            );
        console.WriteResult($"split    {result.Protocol.Description}");
        if (result.Protocol.SpeakerNormalization is { } adaptation)
            console.WriteResult($"note     {adaptation}");
        console.WriteResult(FormatMetric("UAR", result.Metrics.Uar, result.ConfidenceIntervals.Uar));
        console.WriteResult(FormatMetric("accuracy", result.Metrics.Accuracy, result.ConfidenceIntervals.Accuracy));
        console.WriteResult(FormatMetric("macro F1", result.Metrics.MacroF1, result.ConfidenceIntervals.MacroF1));
        var speakers = result.SpeakerCount == 1 ? "speaker" : "speakers";
        console.WriteResult(
            $"clips    {result.Metrics.ClipCount} of {result.SpeakerCount} {speakers}, {result.Labels.Count} classes"
        );
        if (result.FoldUar is { } foldUar)
            console.WriteResult(
                $"folds    UAR {foldUar.Mean:0.0000}"
                    + (foldUar.StandardDeviation is { } standardDeviation ? $" ± {standardDeviation:0.0000}" : "")
                    + $" over {result.Folds.Count}"
            );
        if (result.LayerWeights is { } layers)
        {
            var largestWeights = layers
                .LayersByWeight.Take(3)
                .Select(layer =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{layer} (weight {layers[layer].Mean:0.0000}, {100 * layers.RelativeWeight(layer):0}%)"
                    )
                );
            console.WriteResult(
                $"layers   {string.Join(", ", largestWeights)} have the largest weights of 0 to {layers.Count - 1}"
            );
        }
    }

    // EpochLine and status.sh parse this line: change all three together.
    private static string FormatEpoch(TrainingProgress progress, EpochMetrics metrics) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {metrics.Epoch}/{progress.Epochs}  loss {metrics.Loss:0.0000}  accuracy {metrics.Accuracy:0.0000}"
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"  val_loss {metrics.ValLoss:0.0000}  val_accuracy {metrics.ValAccuracy:0.0000}"
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"  val_uar {metrics.ValUar:0.0000}  lr {metrics.LearningRate:0.######}  {metrics.Seconds:0.0} s"
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"  {progress.ClipsPerSecond:0} clips/s  up to {DurationText.Format(progress.Remaining)} left"
        )
        + (progress.IsBest ? "  best" : "");

    private KeyValuePair<string, string>[] DescribeConfiguration()
    {
        var saved = ConfigFile.Read(run.Configuration);
        var resolved = experiment.ResolveOptions(run);
        string FormatNumber(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
        string FormatValue(string key, JsonCursor value) =>
            key switch // defaults that depend on the recipe or the encoder
            {
                "beta2" => FormatNumber(resolved.Beta2),
                "plateau_factor" => FormatNumber(resolved.PlateauFactor),
                "noise" => FormatNumber(resolved.Noise),
                "mixup" => FormatNumber(resolved.MixUp),
                "time_masks" => $"{resolved.TimeMasks}",
                "frequency_masks" => $"{resolved.FrequencyMasks}",
                "tempo" => FormatNumber(resolved.Tempo),
                "copies" => $"{resolved.Copies}",
                "patience" => $"{resolved.Patience}",
                "plateau_patience" => $"{resolved.PlateauPatience}",
                "band_shift" => $"{resolved.BandShift}",
                "gain" => FormatNumber(resolved.Gain),
                "lstm_dropout" => FormatNumber(resolved.LstmDropout),
                "recurrent_dropout" => FormatNumber(resolved.RecurrentDropout),
                "attention_scale" => FormatNumber(resolved.AttentionScale),
                "batch_norm" => resolved.BatchNorm!,
                "class_weight" => resolved.ClassWeight,
                "normalize" => resolved.Normalize,
                "padding" => resolved.Padding,
                "split" => options.RandomSplit ? "random" : "speaker",
                _ => value.IsArray
                    ? string.Join(", ", value.Items.Select(item => item.AsText()))
                    : value.AsText() ?? "",
            };
        return
        [
            .. saved
                .Fields.Select(field => KeyValuePair.Create(field.Name, FormatValue(field.Name, field.Value)))
                .Where(pair => pair.Value.Length > 0),
        ];
    }
}
