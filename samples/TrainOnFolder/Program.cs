// TrainOnFolder FOLDER [EPOCHS]: trains a classifier on a folder of recordings (a known corpus, or one subfolder per
// label) and writes a report.
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Runs;
using AttnCrnn.Training;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: TrainOnFolder FOLDER [EPOCHS]");
    return 2;
}
var corpus = CorpusReader.Read([args[0]]);
using (var encoder = EncoderCatalog.Open(new("log-mel"), Console.Error.WriteLine))
    new FeatureExtractor(encoder, new ExtractionOptions("features"), TimeProvider.System).Run(
        corpus.Clips,
        corpus.Synthetic
    );

using var store = FeatureStore.Open(["features"]);
var training = new TrainingOptions { Epochs = args.Length > 1 ? int.Parse(args[1]) : 30 };

// Speaker-independent train/validation/test split.
var experiment = new Experiment(store, new ExperimentOptions(training, LabelRules.None));
var run = RunDirectory.Create(".", training.Model, TimeProvider.System);
experiment.Train(
    fold: null,
    new TrainingRun(run, Configuration: [], Version: "sample", TimeProvider.System),
    new EpochProgress(),
    CancellationToken.None
);

var result = experiment.Evaluate(run, CancellationToken.None); // on the test set
AnalysisFolder.Write(
    run.Analysis,
    new RunReport(
        run.Name,
        result,
        HistoryCurves.Create(experiment, run),
        [],
        store.Description.Encoder.ToString(),
        "sample"
    )
);
Console.WriteLine(
    $"UAR {result.Metrics.Uar:0.000} on {result.SpeakerCount} unseen speakers; report: {run.Analysis}/report.html"
);
return 0;

internal sealed class EpochProgress : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress progress)
    {
        if (progress.LastEpoch is { } epoch)
            Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.Loss:0.000}, validation UAR {epoch.ValUar:0.000}");
    }
}
