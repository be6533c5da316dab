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
    public void Train(int? only, CancellationToken cancellationToken)
    {
        // A fold trained alone may run in parallel with others, in separate processes or on separate machines.
        var logs = only is { } single ? Path.Combine(run.Logs, RunFolders.GetFoldFolderName(single)) : run.Logs;
        Directory.CreateDirectory(logs);
        using var log = new StreamWriter(Path.Combine(logs, "train.log"), append: true) { AutoFlush = true };
        void Line(string text)
        {
            log.WriteLine(text);
            console.Info(text);
        }
        Line($"run {run.Name}");
        Line($"encoder {store.Description.Encoder}");
        var configuration = WithoutPaths(ConfigFile.Read(run.Configuration));
        try
        {
            foreach (var fold in experiment.FoldNumbers.Where(fold => only is null || fold == only))
                TrainFold(fold, configuration, Line, cancellationToken);
        }
        catch (InvalidInputException fault) when (FindNewestCheckpoint() is { } checkpoint)
        {
            throw new InvalidInputException(
                $"{fault.Message}. The last checkpoint is {checkpoint}: resume with  train --resume {run.Name}",
                fault
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

    // Models are shared: they keep the names of the feature folders, not their paths on this machine.
    private static JsonObject WithoutPaths(JsonCursor configuration)
    {
        var kept = configuration.ToJsonObject();
        foreach (var key in (string[])["workdir", "threads"])
            kept.Remove(key);
        if (configuration.Find("data_dirs") is { IsArray: true } folders)
            kept["data_dirs"] = new JsonArray([
                .. folders.Items.Select(folder => (JsonNode?)Path.GetFileName(folder.AsText()?.TrimEnd('/'))),
            ]);
        if (configuration.Find("init")?.AsText() is { } initial)
            kept["init"] = Path.GetFileName(initial);
        return kept;
    }

    private void TrainFold(
        int? fold,
        JsonObject configuration,
        Action<string> line,
        CancellationToken cancellationToken
    )
    {
        var name = fold is { } k ? $"fold {k}/{experiment.Splits.Count} " : "";
        EventLog? events = null;
        void Show(Action<double, string> move, TrainingProgress now)
        {
            move(
                (now.Epoch - 1 + ((double)now.Step / now.Steps)) / now.Epochs,
                $"{name}epoch {now.Epoch}/{now.Epochs} loss {now.Loss:0.000} {now.ClipsPerSecond:0} clips/s, "
                    + $"up to {DurationText.Format(now.Remaining)} left"
            );
            if (now.LastEpoch is not { } metrics)
                return;
            line(name + EpochText(now, metrics));
            events ??= new(
                fold is { } number ? Path.Combine(run.Logs, RunFolders.GetFoldFolderName(number)) : run.Logs,
                TimeProvider.System
            );
            events.Add(metrics);
        }
        try
        {
            var outcome = console.Track($"{name}training", move =>
                experiment.Train(
                    fold,
                    new(run, (JsonObject)configuration.DeepClone(), Version, TimeProvider.System),
                    new InlineProgress<TrainingProgress>(now => Show(move, now)),
                    cancellationToken
                )
            );
            if (outcome.StoppedEarly)
                line($"{name}early stop after epoch {outcome.History.Count}: epoch {outcome.BestEpoch} is the best");
        }
        finally
        {
            events?.Dispose();
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
            Configuration(),
            store.Description.Encoder.ToString(),
            Version
        );
        AnalysisFolder.Write(run.Analysis, report);
        Print(console, result);
        console.Result($"report   {run.Report}");
        console.Result($"run      {run.Name}");
        return result;
    }

    /// <summary>Prints the main metrics, with four digits.</summary>
    public static void Print(ConsoleOutput console, EvaluationResult result)
    {
        static string Line(string name, double metric, ConfidenceInterval? interval) =>
            $"{name, -8} {metric:0.0000}"
            + (interval is { } bounds ? $"  (95% {bounds.Low:0.0000} to {bounds.High:0.0000})" : "");
        if (result.Protocol.Synthetic)
            console.Result("SYNTHETIC recordings: these metrics test the program; they are not valid for real speech");
        console.Result($"split    {result.Protocol.Description}");
        if (result.Protocol.SpeakerNormalization is { } adaptation)
            console.Result($"note     {adaptation}");
        console.Result(Line("UAR", result.Metrics.Uar, result.ConfidenceIntervals.Uar));
        console.Result(Line("accuracy", result.Metrics.Accuracy, result.ConfidenceIntervals.Accuracy));
        console.Result(Line("macro F1", result.Metrics.MacroF1, result.ConfidenceIntervals.MacroF1));
        var speakers = result.SpeakerCount == 1 ? "speaker" : "speakers";
        console.Result(
            $"clips    {result.Metrics.ClipCount} of {result.SpeakerCount} {speakers}, {result.Labels.Count} classes"
        );
        if (result.FoldUar is { } foldUar)
            console.Result(
                $"folds    UAR {foldUar.Mean:0.0000}"
                    + (foldUar.StandardDeviation is { } standardDeviation ? $" ± {standardDeviation:0.0000}" : "")
                    + $" over {result.Folds.Count}"
            );
        if (result.LayerWeights is { } layers)
        {
            var strongest = layers
                .LayersByWeight.Take(3)
                .Select(layer =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{layer} (weight {layers[layer].Mean:0.0000}, {100 * layers.RelativeWeight(layer):0}%)"
                    )
                );
            console.Result(
                $"layers   {string.Join(", ", strongest)} have the largest weights of 0 to {layers.Count - 1}"
            );
        }
    }

    // EpochLine and status.sh parse this line: change all three together.
    private static string EpochText(TrainingProgress now, EpochMetrics metrics) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {metrics.Epoch}/{now.Epochs}  loss {metrics.Loss:0.0000}  accuracy {metrics.Accuracy:0.0000}"
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
            $"  {now.ClipsPerSecond:0} clips/s  up to {DurationText.Format(now.Remaining)} left"
        )
        + (now.IsBest ? "  best" : "");

    private KeyValuePair<string, string>[] Configuration()
    {
        var saved = ConfigFile.Read(run.Configuration);
        var resolved = experiment.ResolveOptions(run);
        string Number(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
        string Value(string key, JsonCursor value) =>
            key switch // values that the options left to the recipe or the encoder
            {
                "beta2" => Number(resolved.Beta2),
                "plateau_factor" => Number(resolved.PlateauFactor),
                "noise" => Number(resolved.Noise),
                "mixup" => Number(resolved.MixUp),
                "time_masks" => $"{resolved.TimeMasks}",
                "frequency_masks" => $"{resolved.FrequencyMasks}",
                "tempo" => Number(resolved.Tempo),
                "copies" => $"{resolved.Copies}",
                "patience" => $"{resolved.Patience}",
                "plateau_patience" => $"{resolved.PlateauPatience}",
                "band_shift" => $"{resolved.BandShift}",
                "gain" => Number(resolved.Gain),
                "lstm_dropout" => Number(resolved.LstmDropout),
                "recurrent_dropout" => Number(resolved.RecurrentDropout),
                "attention_scale" => Number(resolved.AttentionScale),
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
                .Fields.Select(field => KeyValuePair.Create(field.Name, Value(field.Name, field.Value)))
                .Where(pair => pair.Value.Length > 0),
        ];
    }
}
