// CustomEncoder FOLDER FILE [EPOCHS]: trains on a folder of recordings (a known corpus, or one subfolder per label)
// with an encoder of your own, LoudnessEncoder.cs, and predicts a recording with the same encoder.
using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Features;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;
using CustomEncoder;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: CustomEncoder FOLDER FILE [EPOCHS]");
    return 2;
}
using var encoder = new LoudnessEncoder();
var corpus = CorpusReader.Read([args[0]]);
new FeatureExtractor(encoder, new("loudness"), TimeProvider.System).Run(corpus.Clips, corpus.Synthetic);

var epochs = args.Length > 2 ? int.Parse(args[2]) : 30;
var configuration = new RunConfiguration
{
    DataFolders = ["loudness"],
    Experiment = new() { Training = new() { Epochs = epochs } },
};
using var run = TrainingRun.Start(configuration, RunProgram.Current);
run.Train(progress: null, CancellationToken.None);

// A model keeps the description of its encoder; frames of another one do not fit it.
var models = RunDirectory.FindModels(run.Directory.WorkFolder, run.Directory.Name);
using var model = Ensemble.Load(models, Environment.ProcessorCount);
if (model.DescribeMismatch(encoder.Description) is { } mismatch)
    throw new InvalidOperationException(mismatch);
var waveform = AudioReader.Read(args[1]); // 16 kHz, one channel
var probabilities = model.Predict([encoder.Encode(waveform.Samples)])[0];
foreach (var (label, probability) in model.Info.Labels.Zip(probabilities))
    Console.WriteLine($"{label} {probability:0.000}");
return 0;
