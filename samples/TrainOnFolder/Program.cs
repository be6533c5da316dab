// TrainOnFolder FOLDER [EPOCHS]: trains a classifier on a folder of recordings (a known corpus, or one subfolder per
// label), evaluates it on speakers that it has not heard, and writes a report.
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Reports;
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

var configuration = new RunConfiguration
{
    DataFolders = ["features"],
    Experiment = new() { Training = new() { Epochs = args.Length > 1 ? int.Parse(args[1]) : 30 } },
};
using var run = TrainingRun.Start(configuration, RunProgram.Current);
run.Train(new Progress<TrainingProgress>(Print), CancellationToken.None);
var result = run.Evaluate(new RunReportWriter(), CancellationToken.None); // on the test set
Console.WriteLine($"UAR {result.Metrics.Uar:0.000} on {result.Metrics.ClipCount} test clips: {run.Directory.Report}");
return 0;

static void Print(TrainingProgress progress)
{
    if (progress.LastEpoch is { } epoch)
        Console.WriteLine($"epoch {epoch.Epoch}: loss {epoch.Loss:0.000}, validation UAR {epoch.ValUar:0.000}");
}
