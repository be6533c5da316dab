// PredictFile RUN|MODEL FILE…: predicts the emotion of each recording.
using AttnCrnn;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Runs;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: PredictFile RUN|MODEL FILE…");
    return 2;
}
string? recording = null;
try
{
    // The name of a run, or a model file. The probabilities of the folds of a cross-validation run are averaged.
    using var model = Ensemble.Load(RunDirectory.FindModels(".", args[0]), Environment.ProcessorCount);
    using var encoder = EncoderCatalog.Open(
        EncoderRequest.FromDescription(model.Info.Encoder),
        Console.Error.WriteLine
    );
    foreach (var path in args[1..])
    {
        recording = path;
        var waveform = AudioReader.Read(path); // 16 kHz, one channel
        var frames = encoder.Encode(waveform.Samples); // [frames, width]
        var probabilities = model.Predict([frames])[0]; // [classes]
        var ranked = model.Info.Labels.Zip(probabilities).OrderByDescending(pair => pair.Second);
        Console.WriteLine(
            $"{path}: {string.Join(", ", ranked.Take(3).Select(pair => $"{pair.First} {pair.Second:0.000}"))}"
        );
    }
    return 0;
}
catch (InvalidInputException error)
{
    // The message says what is wrong and what to do. It names the recording only where the call was given its path.
    var isNamed = recording is null || error.IsIn(recording);
    Console.Error.WriteLine(isNamed ? error.Message : $"{recording}: {error.Message}");
    return 3;
}
