// PredictStream MODEL RATE: predicts 2 s of speech every second, from 16-bit mono PCM on standard input, as in
//     ffmpeg -loglevel error -i call.mp3 -f s16le -ac 1 -ar 16000 - | PredictStream MODEL 16000
using System.Globalization;
using AttnCrnn;
using AttnCrnn.Audio;
using AttnCrnn.Prediction;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
const int Min = PcmFormat.MinSampleRateHz;
const int Max = PcmFormat.MaxSampleRateHz;
if (args.Length != 2 || !int.TryParse(args[1], out var sampleRateHz) || sampleRateHz is < Min or > Max)
{
    Console.Error.WriteLine("usage: PredictStream MODEL RATE <PCM");
    return 2;
}
try
{
    var options = new EmotionPredictorOptions { EncoderNotice = Console.Error.WriteLine };
    using var predictor = EmotionPredictor.Open([args[0]], options);
    using var input = Console.OpenStandardInput();
    var windows = new WindowOptions(seconds: 2, hopSeconds: 1);
    // A window is printed as soon as its samples have arrived.
    await foreach (var window in predictor.PredictPcmAsync(input, new PcmFormat(sampleRateHz), windows))
    {
        var (label, probability) = predictor.Labels.Zip(window.Probabilities).MaxBy(pair => pair.Second);
        Console.WriteLine($"{window.StartSeconds:0.00}-{window.EndSeconds:0.00} s  {label} {probability:0.000}");
    }
    return 0;
}
catch (InvalidInputException error)
{
    // The message says what is wrong and what to do.
    Console.Error.WriteLine(error.Message);
    return 3;
}
