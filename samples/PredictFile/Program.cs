// PredictFile MODEL FILE…: predicts the emotion of each recording.
using AttnCrnn;
using AttnCrnn.Prediction;

if (args.Length < 2)
{
    Console.Error.WriteLine("usage: PredictFile MODEL FILE…");
    return 2;
}
string? recording = null;
try
{
    // The best model of a run is checkpoints/RUN/best_attn_crnn_model.keras.
    var options = new EmotionPredictorOptions { EncoderNotice = Console.Error.WriteLine };
    using var predictor = EmotionPredictor.Open([args[0]], options);
    foreach (var path in args[1..])
    {
        recording = path;
        var prediction = predictor.PredictRecording(path);
        var ranked = predictor.Labels.Zip(prediction.Probabilities).OrderByDescending(pair => pair.Second);
        Console.WriteLine(
            $"{path}: {string.Join(", ", ranked.Take(3).Select(pair => $"{pair.First} {pair.Second:0.000}"))}"
        );
        // Truncated, clipped, without speech: the probabilities may say nothing.
        foreach (var warning in prediction.Warnings)
            Console.Error.WriteLine($"{path}: {warning}");
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
