// PredictFolderInParallel MODEL FOLDER: predicts the emotion of all recordings in a folder, several at the same time.
using AttnCrnn;
using AttnCrnn.Audio;
using AttnCrnn.Metrics;
using AttnCrnn.Prediction;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: PredictFolderInParallel MODEL FOLDER");
    return 2;
}

// One thread for each of several calls: more recordings per second than several threads for one call.
var options = new EmotionPredictorOptions
{
    Threads = 1,

    Concurrency = Environment.ProcessorCount,
};
using var predictor = EmotionPredictor.Open([args[0]], options);
var limits = new AudioLimits { MaxSeconds = 60 };
var failures = 0;
Parallel.ForEach(Directory.EnumerateFiles(args[1]).Where(AudioReader.HasAudioExtension), path =>
{
    try
    {
        var probabilities = predictor.Predict(AudioReader.Read(path, limits, CancellationToken.None).Samples);
        var best = ClassProbabilities.FindMostProbable(probabilities);
        Console.WriteLine($"{Path.GetFileName(path)}: {predictor.Labels[best]} {probabilities[best]:0.000}");
    }
    catch (InvalidInputException error)
    {
        Interlocked.Increment(ref failures);
        Console.Error.WriteLine($"{Path.GetFileName(path)}: {error.Problem}");
    }
});
return failures == 0 ? 0 : 3;
