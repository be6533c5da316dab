// PredictFile RUN|MODEL FILE…: the emotion that each recording sounds like.
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
var reading = args[0];
try
{
    // A run's folder under checkpoints/, or one model file; of a run with folds the probabilities are averaged.
    using var model = Ensemble.Load(RunDirectory.ModelFolder(".", args[0]), Environment.ProcessorCount);
    using var encoder = EncoderCatalog.Open(
        EncoderRequest.FromDescription(model.Model.Encoder),
        Console.Error.WriteLine
    );
    foreach (var path in args[1..])
    {
        reading = path;
        var waveform = AudioReader.Read(path); // 16 kHz, one channel
        var frames = encoder.Encode(waveform.Samples); // [frames, width]
        var probabilities = model.Predict([frames])[0]; // [classes]
        var ranked = model.Model.Labels.Zip(probabilities).OrderByDescending(pair => pair.Second);
        Console.WriteLine(
            $"{path}: {string.Join(", ", ranked.Take(3).Select(pair => $"{pair.First} {pair.Second:0.000}"))}"
        );
    }
    return 0;
}
catch (InvalidInputException error)
{
    // What is wrong, and what to do; of frames that do not suit the model, it is not said whose they are.
    Console.Error.WriteLine(error.Message.Contains(reading) ? error.Message : $"{reading}: {error.Message}");
    return 3;
}
