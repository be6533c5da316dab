using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.IO;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>Computes all metrics, on the run's own test set or on given clips.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Argument<string[]> model;
    private readonly Option<string[]> dataDirs;
    private readonly Option<string?> workdir;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exact;
    private readonly Option<ulong> seed;
    private readonly Option<double> maxInvalidFraction;
    private readonly LabelFlags labels;
    private readonly OutputFlags outputs;

    public EvaluateCommand()
        : base("evaluate", "Compute all metrics of a run on its own test set, or of a model on given clips.")
    {
        model = Arguments("RUN|MODEL", "Run name or folder, or model file.");
        dataDirs = Flags("--data_dirs", "Feature folders with labels; by default the test set of the run.");
        workdir = Flag<string?>("--workdir", "Folder that holds checkpoints/ and analysis_results/.", ".");
        json = Flag("--json", "Print metrics.json.", false);
        threads = Threads("Number of threads; results do not depend on it.");
        exact = ExactConvolution();
        seed = Flag("--seed", "Random seed of the confidence intervals.", 0UL);
        maxInvalidFraction = MaxInvalidFraction();
        labels = LabelFlags();
        outputs = OutputFlags();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (given.GetValue(model) is not [var name])
            throw new UsageException("give one run or model");
        var folder = Path.GetFullPath(given.GetValue(workdir)!);
        if (given.GetValue(dataDirs)!.Length == 0)
            return EvaluateTestSet(folder, name, given, console, cancellationToken);
        using var ensemble = Ensemble.Load(
            RunDirectory.FindModels(folder, name),
            given.GetValue(threads),
            given.GetValue(exact),
            outputs.Read(given)
        );
        foreach (var notice in ensemble.Notices)
            console.Info(notice);
        using var store = FeatureStore.Open([.. given.GetValue(dataDirs)!.Select(Path.GetFullPath)]);
        foreach (var finding in store.InvalidClips)
            console.Error($"invalid: {finding.Path}: {finding.Message}");
        var options = new ExperimentOptions(
            new TrainingOptions { Seed = given.GetValue(seed), Threads = given.GetValue(threads) },
            labels.Read(given),
            MaxInvalidFraction: given.GetValue(maxInvalidFraction)
        );
        var result = Experiment.EvaluateAll(store, ensemble, options, cancellationToken);
        var run = RunDirectory.CreateAnalysis(folder, ensemble.Info.Network.Version, TimeProvider.System);
        KeyValuePair<string, string>[] about =
        [
            new("model", name),
            new("data_dirs", string.Join(", ", given.GetValue(dataDirs)!.Select(Path.GetFullPath))),
        ];
        AnalysisFolder.Write(
            run.Analysis,
            new(run.Name, result, [], about, store.Description.Encoder.ToString(), TrainingSession.Version)
        );
        AtomicFile.WriteText(
            run.Configuration,
            ConfigFile.Resolved(this, given, dataDirs, workdir).ToJsonString(new() { WriteIndented = true }) + "\n"
        );
        Show(given, console, result);
        console.Info($"report   {run.Report}");
        return ExitCode.Done;
    }

    private int EvaluateTestSet(
        string folder,
        string name,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(name))
            throw new UsageException($"{name} is a model file: give the clips to evaluate with --data_dirs");
        var run = new RunDirectory(folder, Path.GetFileName(name.TrimEnd('/')));
        var train = new TrainCommand();
        var saved = train.Saved(run);
        var options = train.Options(saved);
        if (
            given.GetResult(labels.Map) is { Implicit: false }
            || given.GetResult(labels.Drop) is { Implicit: false }
            || given.GetValue(labels.Preset) is not null
        )
            throw new UsageException(
                "a run's own test set has the run's own classes: --map, --drop and --preset require --data_dirs"
            );
        if (outputs.Read(given) is not null)
            throw new UsageException(
                "the models of a run contain their labels: --labels is for .keras files that do not"
            );
        using var store = train.Open(saved);
        var experiment = new Experiment(
            store,
            options with
            {
                Training = options.Training with
                {
                    Threads = given.GetValue(threads),
                    ExactConvolution = options.Training.ExactConvolution || given.GetValue(exact),
                },
            }
        );
        var session = new TrainingSession(
            run,
            experiment,
            options,
            store,
            new ConsoleOutput { Quiet = true, SuppressResults = true }
        );
        var result = session.EvaluateAndReport(cancellationToken);
        Show(given, console, result);
        console.Info($"report   {run.Report}");
        return ExitCode.Done;
    }

    private void Show(ParseResult given, ConsoleOutput console, EvaluationResult result)
    {
        if (given.GetValue(json))
        {
            if (result.Protocol.SpeakerNormalization is { } adaptation)
                console.Info(adaptation.ToString());
            console.Result(MetricsJson.Serialize(result).TrimEnd());
        }
        else
        {
            TrainingSession.Print(console, result);
            console.Result("");
            console.Result(result.Metrics.ToReportText().TrimEnd('\n'));
        }
    }
}
