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

/// <summary>Computes all metrics, on the run's test set or on other clips.</summary>
internal sealed class EvaluateCommand : CliCommand
{
    private readonly Argument<string[]> model;
    private readonly Option<string[]> dataDirs;
    private readonly Option<string?> workdir;
    private readonly Option<bool> json;
    private readonly Option<int> threads;
    private readonly Option<bool> exactConvolution;
    private readonly Option<ulong> seed;
    private readonly Option<double> maxInvalidFraction;
    private readonly LabelRuleOptions labels;
    private readonly OutputLabelOptions outputLabels;

    public EvaluateCommand()
        : base("evaluate", "Compute all metrics of a run on its test set, or of a model on the clips of --data_dirs.")
    {
        model = AddArguments("RUN|MODEL", "Run name or folder, or model file.");
        dataDirs = AddMultiValueOption(
            "--data_dirs",
            "Feature folders with labels; by default the test set of the run."
        );
        workdir = AddOption<string?>("--workdir", "Folder that holds checkpoints/ and analysis_results/.", ".");
        json = AddOption("--json", "Print metrics.json.", false);
        threads = AddThreadsOption("Number of threads; results do not depend on it.");
        exactConvolution = AddExactConvolutionOption();
        seed = AddOption("--seed", "Random seed of the confidence intervals.", 0UL);
        maxInvalidFraction = AddMaxInvalidFractionOption();
        labels = AddLabelRuleOptions();
        outputLabels = AddOutputLabelOption();
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (parseResult.GetValue(model) is not [var name])
            throw new UsageException("expected one run or model");
        var folder = Path.GetFullPath(parseResult.GetValue(workdir)!);
        if (parseResult.GetValue(dataDirs)!.Length == 0)
            return EvaluateTestSet(folder, name, parseResult, console, cancellationToken);
        using var ensemble = Ensemble.Load(
            RunDirectory.FindModels(folder, name),
            parseResult.GetValue(threads),
            parseResult.GetValue(exactConvolution),
            outputLabels.Read(parseResult)
        );
        foreach (var notice in ensemble.Notices)
            console.WriteMessage(notice);
        using var store = FeatureStore.Open([.. parseResult.GetValue(dataDirs)!.Select(Path.GetFullPath)]);
        foreach (var finding in store.InvalidClips)
            console.WriteError($"invalid: {finding.Path}: {finding.Message}");
        var options = new ExperimentOptions(
            new TrainingOptions
            {
                Seed = parseResult.GetValue(seed),

                Threads = parseResult.GetValue(threads),
            },
            labels.Read(parseResult),
            MaxInvalidFraction: parseResult.GetValue(maxInvalidFraction)
        );
        var result = Experiment.EvaluateAll(store, ensemble, options, cancellationToken);
        var run = RunDirectory.CreateAnalysis(folder, ensemble.Info.Network.Version, TimeProvider.System);
        KeyValuePair<string, string>[] configuration =
        [
            new("model", name),
            new("data_dirs", string.Join(", ", parseResult.GetValue(dataDirs)!.Select(Path.GetFullPath))),
        ];
        AnalysisFolder.Write(
            run.Analysis,
            new(run.Name, result, [], configuration, store.Description.Encoder.ToString(), TrainingSession.Version)
        );
        AtomicFile.WriteText(
            run.Configuration,
            ConfigFile.ResolveAll(this, parseResult, dataDirs, workdir).ToJsonString(new() { WriteIndented = true })
                + "\n"
        );
        Show(parseResult, console, result);
        console.WriteMessage($"report   {run.Report}");
        return ExitCode.Success;
    }

    private int EvaluateTestSet(
        string folder,
        string name,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(name))
            throw new UsageException($"{name} is a model file: pass the clips to evaluate with --data_dirs");
        var run = new RunDirectory(folder, Path.GetFileName(name.TrimEnd('/')));
        var train = new TrainCommand();
        var savedConfiguration = train.ParseSavedConfiguration(run);
        var options = train.ReadOptions(savedConfiguration);
        if (
            parseResult.GetResult(labels.Map) is { Implicit: false }
            || parseResult.GetResult(labels.Drop) is { Implicit: false }
            || parseResult.GetValue(labels.Preset) is not null
        )
            throw new UsageException(
                "the test set of a run uses the run's classes: --map, --drop and --preset require --data_dirs"
            );
        if (outputLabels.Read(parseResult) is not null)
            throw new UsageException(
                "the models of a run contain their labels: --labels is for .keras files that do not"
            );
        using var store = train.OpenStore(savedConfiguration);
        var experiment = new Experiment(
            store,
            options with
            {
                Training = options.Training with
                {
                    Threads = parseResult.GetValue(threads),
                    ExactConvolution = options.Training.ExactConvolution || parseResult.GetValue(exactConvolution),
                },
            }
        );
        var session = new TrainingSession(
            run,
            experiment,
            options,
            store,
            new ConsoleOutput
            {
                Quiet = true,

                SuppressResults = true,
            }
        );
        var result = session.EvaluateAndReport(cancellationToken);
        Show(parseResult, console, result);
        console.WriteMessage($"report   {run.Report}");
        return ExitCode.Success;
    }

    private void Show(ParseResult parseResult, ConsoleOutput console, EvaluationResult result)
    {
        if (parseResult.GetValue(json))
        {
            if (result.Protocol.SpeakerNormalization is { } adaptation)
                console.WriteMessage(adaptation.ToString());
            console.WriteResult(MetricsJson.Serialize(result).TrimEnd());
        }
        else
        {
            TrainingSession.Print(console, result);
            console.WriteResult("");
            console.WriteResult(result.Metrics.ToReportText().TrimEnd('\n'));
        }
    }
}
