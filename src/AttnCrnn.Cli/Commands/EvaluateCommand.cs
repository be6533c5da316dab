using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Explanations;
using AttnCrnn.Reports.ModelCards;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Computes all metrics, on the run's test set or on other clips.</summary>
internal sealed class EvaluateCommand : OptionCommand<EvaluateSettings>
{
    public EvaluateCommand()
        : base(
            "evaluate",
            "Compute all metrics of a run on its test set, or of a model or a published classifier on the clips of "
                + "--data_dirs.",
            EvaluateSettings.Options,
            new(
                "RUN|MODEL",
                "Run name or folder, model file, or a published classifier: a checkpoint folder or OWNER/NAME of the "
                    + "hub."
            )
        ) { }

    public override async Task<int> RunAsync(
        EvaluateSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Arguments is not [var name])
            throw new UsageException("expected one run or model");
        if (settings.DataFolders.Count == 0)
            EvaluateTestSet(name, settings, console, cancellationToken);
        else if (RunPredictor.IsClassifier(settings.WorkFolder, name))
            await EvaluateRecordingsAsync(name, settings, console, cancellationToken).ConfigureAwait(false);
        else
            EvaluateClips(name, settings, console, cancellationToken);
        return ExitCode.Success;
    }

    /// <summary>The contents of an evaluation's config.json; its paths are absolute.</summary>
    internal JsonObject CreateConfiguration(EvaluateSettings settings) =>
        Table.ToJson(
            settings with
            {
                WorkFolder = Path.GetFullPath(settings.WorkFolder),
                DataFolders = [.. settings.DataFolders.Select(Path.GetFullPath)],
            }
        );

    private void EvaluateClips(
        string name,
        EvaluateSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.GetFullPath(settings.WorkFolder);
        var models = RunDirectory.FindModels(folder, name);
        var labels = settings.OutputLabels.Count == 0 ? null : settings.OutputLabels;
        using var ensemble = Ensemble.Load(
            models,
            settings.Experiment.Training.Threads,
            settings.Experiment.Training.ExactConvolution,
            labels
        );
        foreach (var notice in ensemble.Notices)
            console.WriteNotice(notice);
        string[] dataFolders = [.. settings.DataFolders.Select(Path.GetFullPath)];
        using var store = FeatureStore.Open(dataFolders);
        RunIntroduction.WriteNotices(store.Notices, console);
        foreach (var finding in store.InvalidClips)
            console.WriteError($"invalid: {finding.Path}: {OptionParser.FormatText(finding.Message)}");
        var training = TrainingClips.Find(models);
        var result = TestSetLedger.Record(
            folder,
            training.ModelName,
            Experiment.EvaluateAll(store, ensemble, settings.Experiment, cancellationToken, training),
            TimeProvider.System
        );
        var run = RunDirectory.CreateAnalysis(
            folder,
            NetworkVersions.Format(ensemble.Info.Network.Version),
            TimeProvider.System
        );
        var explanations = ClipExplanations.Create(
            result,
            settings.ExplainedClips,
            _ => models,
            new()
            {
                Threads = settings.Experiment.Training.Threads,
                ExactConvolution = settings.Experiment.Training.ExactConvolution,
                Labels = labels,
            },
            cancellationToken
        );
        var encoder = store.Description.Encoder.ToString();
        var report = CreateReport(run, name, result, encoder, settings) with { Explanations = explanations };
        WriteReport(run, report, settings, console);
        ModelCard
            .Read(RunDirectory.GetModelName(folder, name), models, run.Analysis, labels: labels)
            .Write(run.Analysis);
    }

    // A published classifier contains its encoder, so that it needs the recordings.
    private async Task EvaluateRecordingsAsync(
        string name,
        EvaluateSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var options = new EmotionPredictorOptions
        {
            Threads = settings.Experiment.Training.Threads,
            ExactConvolution = settings.Experiment.Training.ExactConvolution,
            Labels = settings.OutputLabels.Count == 0 ? null : settings.OutputLabels,
            Revision = settings.Revision,
            RawLabels = settings.RawLabels,
            DetectSpeech = false, // metrics have no warnings
            EncoderNotice = console.WriteNotice,
        };
        foreach (var source in settings.DataFolders.Where(FeatureStore.IsStore))
            throw new InvalidInputException(
                source,
                $"is a feature folder, and {name} is a published classifier, which needs recordings: pass the corpus' "
                    + "folder, or a manifest (.csv or others)"
            );
        var corpus = CorpusReader.Read(settings.DataFolders);
        RunIntroduction.WriteNotices(corpus.NoticeTexts, console);
        using var predictor = await RunPredictor
            .OpenAsync(settings.WorkFolder, name, options, cancellationToken)
            .ConfigureAwait(false);
        var classifier = predictor.Classifier!;
        console.WriteMessage(ClassifierText.Describe(classifier));
        var evaluation = RecordingEvaluation.Evaluate(
            predictor,
            corpus,
            settings.Experiment,
            error => console.WriteError($"invalid: {error.Text.Format(OptionParser.FormatKey)}"),
            cancellationToken
        );
        var result = TestSetLedger.Record(settings.WorkFolder, classifier.Name, evaluation, TimeProvider.System);
        var run = RunDirectory.CreateAnalysis(
            Path.GetFullPath(settings.WorkFolder),
            classifier.ModelType,
            TimeProvider.System
        );
        var explanations = ClipExplanations.Create(result, settings.ExplainedClips, predictor, cancellationToken);
        var encoder = $"{classifier.Name} {classifier.Revision}";
        var report = CreateReport(run, name, result, encoder, settings) with { Explanations = explanations };
        WriteReport(run, report, settings, console);
    }

    private static RunReport CreateReport(
        RunDirectory run,
        string model,
        EvaluationResult result,
        string encoder,
        EvaluateSettings settings
    )
    {
        KeyValuePair<string, string>[] configuration =
        [
            new("model", RunDirectory.GetModelName(Path.GetFullPath(settings.WorkFolder), model)),
            new("data_dirs", string.Join(", ", settings.DataFolders.Select(RunReportWriter.GetName))),
        ];
        return new(run.Name, result, [], configuration, encoder, RunProgram.Current.Version)
        {
            Options = settings.Report,
        };
    }

    private void WriteReport(RunDirectory run, RunReport report, EvaluateSettings settings, ConsoleOutput console)
    {
        AnalysisFolder.Write(run.Analysis, report);
        AtomicFile.WriteText(run.Configuration, RunConfigurationFile.Format(CreateConfiguration(settings)));
        Show(settings, console, report.Result);
        console.WriteMessage($"report   {run.Report}");
    }

    private static void EvaluateTestSet(
        string name,
        EvaluateSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(name))
            throw new UsageException($"{name} is a model file: pass the clips to evaluate with --data_dirs");
        if (RunPredictor.IsClassifier(settings.WorkFolder, name))
            throw new UsageException(
                $"{name} is a published classifier: pass the recordings to evaluate, with labels, with --data_dirs"
            );
        RequireNoClassOptions(settings);
        var directory = RunDirectory.Open(Path.GetFullPath(settings.WorkFolder), name);
        using var run = TrainingRun.Open(
            directory,
            SavedRun.Read(directory, console),
            RunProgram.Current,
            saved =>
                saved with
                {
                    Fold = null,
                    Experiment = ChangeComputation(saved.Experiment, settings),
                    ExplainedClips = settings.ExplainedClips,
                },
            withInitialModel: false
        );
        RunIntroduction.WriteNotices([.. run.Store.Notices, .. run.Experiment.Notices], console);
        var result = run.Evaluate(new RunReportWriter(settings.Report, cancellationToken), cancellationToken);
        Show(settings, console, result);
        console.WriteMessage($"report   {directory.Report}");
    }

    private static ExperimentOptions ChangeComputation(ExperimentOptions saved, EvaluateSettings settings)
    {
        var computation = settings.Experiment.Training;
        return saved
            .WithThreads(computation.Threads)
            .WithExactConvolution(saved.Training.ExactConvolution || computation.ExactConvolution);
    }

    private static void RequireNoClassOptions(EvaluateSettings settings)
    {
        if (settings.Experiment.LabelRules != Corpora.LabelRules.None)
            throw new UsageException(
                "the test set of a run uses the run's classes: --map, --drop and --preset require --data_dirs"
            );
        if (settings.OutputLabels.Count > 0)
            throw new UsageException(
                "the models of a run contain their labels: --labels is for .keras files that do not"
            );
    }

    private static void Show(EvaluateSettings settings, ConsoleOutput console, EvaluationResult result)
    {
        if (settings.Json)
        {
            if (result.Protocol.SpeakerNormalization is { } adaptation)
                console.WriteMessage(SpeakerNormalizationText.Summarize(adaptation));
            console.WriteResult(MetricsJson.Serialize(result).TrimEnd());
        }
        else
        {
            EvaluationSummary.Print(console, result);
            console.WriteResult("");
            console.WriteResult(result.Metrics.ToReportText().TrimEnd('\n'));
        }
    }
}
