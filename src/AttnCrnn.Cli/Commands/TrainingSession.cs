using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Features;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Reports.TensorBoard;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>One run from its first epoch to its report.</summary>
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

    /// <summary>Trains every fold, or one.</summary>
    /// <exception cref="InterruptedException">The user stopped it; the message says how to go on.</exception>
    public void Train(int? only, CancellationToken cancellationToken)
    {
        // A fold that is trained alone may have others beside it, in processes and on machines of their own.
        var logs = only is { } alone ? Path.Combine(run.Logs, $"fold_{alone}") : run.Logs;
        Directory.CreateDirectory(logs);
        using var log = new StreamWriter(Path.Combine(logs, "train.log"), append: true) { AutoFlush = true };
        void Line(string text)
        {
            log.WriteLine(text);
            console.Info(text);
        }
        Line($"run {run.Name}");
        Line($"encoder {store.Description.Encoder}");
        var configuration = WithoutPlaces((JsonObject)JsonNode.Parse(File.ReadAllText(run.Configuration))!);
        try
        {
            foreach (var fold in experiment.FoldNumbers.Where(fold => only is null || fold == only))
                TrainFold(fold, configuration, Line, cancellationToken);
        }
        catch (InvalidInputException fault) when (Newest() is { } checkpoint)
        {
            throw new InvalidInputException(
                $"{fault.Message}. What was trained is kept in {checkpoint}: go on with  train --resume {run.Name}",
                fault
            );
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted{(Newest() is { } checkpoint ? $"; the checkpoint is {checkpoint}" : " before the first checkpoint")}: go on with  train --resume {run.Name}"
            );
        }
    }

    // A model goes to others: of this machine it keeps the names of the features' folders, and not where they are.
    private static JsonObject WithoutPlaces(JsonObject configuration)
    {
        foreach (var key in (string[])["workdir", "threads"])
            configuration.Remove(key);
        if (configuration["data_dirs"] is JsonArray folders)
            configuration["data_dirs"] = new JsonArray([
                .. folders.Select(folder => (JsonNode)Path.GetFileName(folder!.ToString().TrimEnd('/'))),
            ]);
        if (configuration["init"] is { } initial)
            configuration["init"] = Path.GetFileName(initial.ToString());
        return configuration;
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
                $"{name}epoch {now.Epoch}/{now.Epochs} loss {now.Loss:0.000} {now.ClipsPerSecond:0} clips/s, up to {Short(now.Remaining)} left"
            );
            if (now.LastEpoch is not { } metrics)
                return;
            line(name + Text(now, metrics));
            events ??= new(
                fold is { } number ? Path.Combine(run.Logs, $"fold_{number}") : run.Logs,
                TimeProvider.System
            );
            events.Add(metrics);
        }
        try
        {
            var outcome = console.Track($"{name}training", move =>
                experiment.Train(
                    fold,
                    run,
                    (JsonObject)configuration.DeepClone(),
                    Version,
                    TimeProvider.System,
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

    private string? Newest() =>
        experiment
            .FoldNumbers.SelectMany(fold => Trainer.CheckpointsIn(run.Models(fold)))
            .OrderByDescending(File.GetLastWriteTimeUtc)
            .FirstOrDefault();

    /// <summary>Judges what is trained, writes every file of the analysis, and prints the figures.</summary>
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
        console.Result($"report   {Path.Combine(run.Analysis, "report.html")}");
        console.Result($"run      {run.Name}");
        return result;
    }

    /// <summary>The headline figures, four digits.</summary>
    public static void Print(ConsoleOutput console, EvaluationResult result)
    {
        string With(string name, double metric, ConfidenceInterval? interval) =>
            $"{name, -8} {metric:0.0000}{(interval is { } item ? $"  (95% {item.Low:0.0000} to {item.High:0.0000})" : "")}";
        if (result.Protocol.Synthetic)
            console.Result("SYNTHETIC recordings: these figures say that the program works, and nothing about people");
        console.Result($"split    {result.Protocol.Description}");
        if (result.Protocol.SpeakerNormalization is { } adaptation)
            console.Result($"note     {adaptation}");
        console.Result(With("UAR", result.Metrics.Uar, result.ConfidenceIntervals.Uar));
        console.Result(With("accuracy", result.Metrics.Accuracy, result.ConfidenceIntervals.Accuracy));
        console.Result(With("macro F1", result.Metrics.MacroF1, result.ConfidenceIntervals.MacroF1));
        console.Result(
            $"clips    {result.Metrics.ClipCount} of {result.SpeakerCount} {(result.SpeakerCount == 1 ? "speaker" : "speakers")}, {result.Labels.Count} classes"
        );
        if (result.FoldUar is { } spread)
            console.Result(
                $"folds    UAR {spread.Mean:0.0000}{(spread.StandardDeviation is { } standardDeviation ? $" ± {standardDeviation:0.0000}" : "")} over {result.Folds.Count}"
            );
        if (result.LayerWeights is { } layers)
            console.Result(
                $"layers   {string.Join(", ", layers.Strongest.Take(3).Select(layer => string.Create(CultureInfo.InvariantCulture, $"{layer} (weight {layers[layer].Mean:0.0000}, {100 * layers.Weight(layer):0}%)")))} weigh most of 0 to {layers.Count - 1}"
            );
    }

    private static string Text(TrainingProgress now, EpochMetrics epochFigures) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {epochFigures.Epoch}/{now.Epochs}  loss {epochFigures.Loss:0.0000}  accuracy {epochFigures.Accuracy:0.0000}  val_loss {epochFigures.ValLoss:0.0000}  val_accuracy {epochFigures.ValAccuracy:0.0000}  val_uar {epochFigures.ValUar:0.0000}  lr {epochFigures.LearningRate:0.######}  {epochFigures.Seconds:0.0} s  {now.ClipsPerSecond:0} clips/s  up to {Short(now.Remaining)} left{(now.IsBest ? "  best" : "")}"
        );

    private static string Short(TimeSpan time) =>
        time.TotalHours >= 1
            ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
            : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    private KeyValuePair<string, string>[] Configuration()
    {
        var saved = (JsonObject)JsonNode.Parse(File.ReadAllText(run.Configuration))!;
        var resolved = experiment.ResolveOptions(run);
        string Number(double? value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
        string Value(string key, JsonNode? node) =>
            key switch // what the flags left to the recipe or the encoder
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
                _ => node is JsonArray array
                    ? string.Join(", ", array.Select(item => item?.ToString()))
                    : node?.ToString() ?? "",
            };
        return
        [
            .. saved
                .Select(pair => KeyValuePair.Create(pair.Key, Value(pair.Key, pair.Value)))
                .Where(pair => pair.Value.Length > 0),
        ];
    }
}
