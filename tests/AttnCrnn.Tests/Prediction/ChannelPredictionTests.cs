using AttnCrnn.Audio;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Tests.Formats.Wav;

namespace AttnCrnn.Tests.Prediction;

/// <summary>A predictor reads the channel that its options or its inputs choose.</summary>
public sealed class ChannelPredictionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly float[] first = CreateTone(300);
    private readonly float[] second = CreateTone(900);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_channel_of_the_options_is_predicted()
    {
        var path = WriteRecording();
        using var predictor = Open(AudioChannel.FromNumber(2));
        Assert.Equal(predictor.Predict(second), predictor.PredictFile(path));
        Assert.Equal(predictor.Predict(second), Predict(predictor, new(path)));
    }

    [Fact]
    public void The_channel_of_an_input_takes_precedence()
    {
        var path = WriteRecording();
        using var predictor = Open(AudioChannel.FromNumber(2));
        var input = new PredictionInput(path) { Channel = AudioChannel.FromNumber(1) };
        Assert.Equal(predictor.Predict(first), Predict(predictor, input));
        Assert.Equal(predictor.Predict(first.AsMemory(0, 8000)), Predict(predictor, input, new WindowOptions(0.5)));
    }

    [Fact]
    public void A_channel_that_the_recording_does_not_have_is_the_error_of_the_input()
    {
        using var predictor = Open(AudioChannel.FromNumber(3));
        var set = RecordingSetPredictor.Create(predictor, [new(WriteRecording())]);
        Assert.Contains(
            "channel 3 was asked for",
            Assert.Single(set.Predict()).Error!.Message,
            StringComparison.Ordinal
        );
    }

    private EmotionPredictor Open(AudioChannel channel) =>
        EmotionPredictor.Open(
            [LogMelModels.Write(folder.PathOf("model.keras"))],
            LogMelPredictor.Options with
            {
                Channel = channel,
            }
        );

    private static double[] Predict(EmotionPredictor predictor, PredictionInput input, WindowOptions? windows = null) =>
        RecordingSetPredictor.Create(predictor, [input], windows).Predict().First().Probabilities!;

    private string WriteRecording()
    {
        var path = folder.PathOf("stereo.wav");
        File.WriteAllBytes(path, SyntheticWav.FromChannels([first, second], Waveform.SampleRateHz));
        return path;
    }

    private static float[] CreateTone(double hertz) =>
        [
            .. Enumerable
                .Range(0, Waveform.SampleRateHz)
                .Select(i => 0.3f * (float)Math.Sin(2 * Math.PI * hertz * i / Waveform.SampleRateHz)),
        ];
}
