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

/// <summary>Every figure again: on the run's own test side, or on given clips.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Argument<string[]> model;
    private readonly Option<string[]> dataDirs;
    private readonly Option<string?> workdir;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exact;
    private readonly Option<ulong> seed;
    private readonly Option<double> maxBad;
    private readonly LabelFlags labels;
    private readonly OutputFlags outputs;

    public EvaluateCommand()
        : base("evaluate", "Every figure of a run on its own test side, or of a model on given clips.")
    {
        model = Arguments("RUN|MODEL", "a run's name or folder, or a model file");
        dataDirs = Flags(
            "--data_dirs",
            "folders of frames with labels; by default the run's own, and of them the test side"
        );
        workdir = Flag<string?>("--workdir", "where checkpoints/ and analysis_results/ are", ".");
        json = Flag("--json", "prints metrics.json", false);
        threads = Threads("to compute with");
        exact = Flag(
            "--exact_convolution",
            "direct products instead of Winograd's: slower, and a few bits nearer to Keras",
            false
        );
        seed = Flag("--seed", "of the intervals", 0UL);
        maxBad = Flag("--max_bad", "the share of clips that may be bad", 0.01);
        labels = LabelFlags();
        outputs = OutputFlags();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (given.GetValue(model) is not [var name])
            throw new UsageException("name one run or model");
        var folder = Path.GetFullPath(given.GetValue(workdir)!);
        if (given.GetValue(dataDirs)!.Length == 0)
            return OwnTestSet(folder, name, given, console, cancellationToken);
        using var ensemble = Ensemble.Load(
            RunDirectory.ModelFolder(folder, name),
            given.GetValue(threads),
            given.GetValue(exact),
            outputs.Read(given)
        );
        foreach (var notice in ensemble.Notices)
            console.Info(notice);
        using var store = FeatureStore.Open([.. given.GetValue(dataDirs)!.Select(Path.GetFullPath)]);
        foreach (var remark in store.InvalidClips)
            console.Error($"bad: {remark.Path}: {remark.Message}");
        var options = new ExperimentOptions(
            new TrainingOptions { Seed = given.GetValue(seed), Threads = given.GetValue(threads) },
            labels.Read(given),
            MaxBad: given.GetValue(maxBad)
        );
        var result = Experiment.EvaluateAll(store, ensemble, options, cancellationToken);
        var run = RunDirectory.Create(folder, ensemble.Model.Network.Version, TimeProvider.System);
        Directory.Delete(run.Checkpoints); // an evaluation trains nothing
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
        console.Info($"report   {Path.Combine(run.Analysis, "report.html")}");
        return ExitCode.Done;
    }

    private int OwnTestSet(
        string folder,
        string name,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(name))
            throw new UsageException($"{name} is a model file: name the clips to judge with --data_dirs");
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
                "a run's own test side has the run's own classes: --map, --drop and --preset go with --data_dirs"
            );
        if (outputs.Read(given) is not null)
            throw new UsageException("a run's models say their labels: --labels goes with a .keras file that does not");
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
        console.Info($"report   {Path.Combine(run.Analysis, "report.html")}");
        return ExitCode.Done;
    }

    private void Show(ParseResult given, ConsoleOutput console, EvaluationResult result)
    {
        if (given.GetValue(json))
        {
            if (result.Protocol.SpeakerNormalization is { } adaptation)
                console.Info(adaptation.ToString());
            console.Result(MetricsJson.Text(result).TrimEnd());
        }
        else
        {
            TrainingSession.Print(console, result);
            console.Result("");
            console.Result(result.Metrics.ToReportText().TrimEnd('\n'));
        }
    }
}
