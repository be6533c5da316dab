// PredictFile RUN|MODEL FILE…: the emotion that each recording sounds like.
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: PredictFile RUN|MODEL FILE…");
    return 2;
}
var reading = args[0];
try
{
    // A run's folder under checkpoints/, or one model file; of a run with folds the probabilities are averaged.
    using var model = Ensemble.Load(RunFolders.ModelsOf(".", args[0]), Environment.ProcessorCount);
    using var encoder = EncoderCatalog.Open(EncoderRequest.For(model.Model.Encoder), Console.Error.WriteLine);
    foreach (var path in args[1..])
    {
        reading = path;
        var waveform = AudioReader.Read(path);                          // 16 kHz, one channel
        var frames = encoder.Encode(waveform.Samples);                  // [frames, width]
        var probabilities = model.Predict([frames])[0];                 // [classes]
        var ranked = model.Model.Labels.Zip(probabilities).OrderByDescending(of => of.Second);
        Console.WriteLine($"{path}: {string.Join(", ", ranked.Take(3).Select(of => $"{of.First} {of.Second:0.000}"))}");
    }
    return 0;
}
catch (RefusedException fault)
{
    // What is wrong, and what to do; of frames that do not suit the model, it is not said whose they are.
    Console.Error.WriteLine(fault.Message.Contains(reading) ? fault.Message : $"{reading}: {fault.Message}");
    return 3;
}
