using AttnCrnn.Formats;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;
using AttnCrnn.Tests.Formats.Wav;

namespace AttnCrnn.Tests.Prediction;

/// <summary>What makes predictions of recordings, windows and stretches of speech doubtful.</summary>
public sealed class PredictionWarningTests : IDisposable
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Sounds = NpzFile.Read(
        Fixtures.Path("vad", "expected.npz")
    );

    private readonly TempFolder folder = new();
    private readonly EmotionPredictor predictor;

    public PredictionWarningTests() =>
        predictor = EmotionPredictor.Open([LogMelModels.Write(folder.PathOf("model.keras"))], LogMelPredictor.Options);

    public void Dispose()
    {
        predictor.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_recording_without_speech_says_so()
    {
        Assert.Equal([], Names(Predict([Write("voice")])[0]));
        Assert.Equal([RecordingWarning.NoSpeech], Names(Predict([Write("chord")])[0]));
        Assert.Equal(
            [RecordingWarning.NoSpeech],
            predictor.PredictRecording(Write("noise").Path).Warnings.Select(warning => warning.Name)
        );
    }

    [Fact]
    public void A_predictor_that_does_not_look_for_speech_does_not_miss_it()
    {
        using var other = OpenWithoutSpeechDetection();
        var prediction = Assert.Single(RecordingSetPredictor.Create(other, [Write("silence")]).Predict());
        Assert.Equal([RecordingWarning.Silent], Names(prediction));
        Assert.Equal(Predict([new(folder.PathOf("silence.wav"))])[0].Probabilities, prediction.Probabilities);
    }

    [Fact]
    public void A_truncated_recording_has_the_warning_with_its_last_window()
    {
        var input = Write("voice");
        File.WriteAllBytes(input.Path, File.ReadAllBytes(input.Path)[..^16_000]);
        Assert.Equal([RecordingWarning.Truncated], Names(Predict([input])[0]));
        var windows = Predict([input], new WindowOptions(0.5));
        Assert.Equal(
            [windows.Count - 1],
            from i in Enumerable.Range(0, windows.Count)
            where Names(windows[i]).Contains(RecordingWarning.Truncated)
            select i
        );
    }

    [Fact]
    public void Every_window_has_its_own_warnings_in_files_waveforms_and_streams()
    {
        // A second of silence, 3 of a voice, a second of silence.
        var input = Write("silence_voice_silence");
        var windows = Predict([input], new WindowOptions(1));
        Assert.Equal(
            [true, false, false, true],
            ((int[])[0, 1, 2, 4]).Select(i => Names(windows[i]).Contains(RecordingWarning.NoSpeech))
        );
        var waveform = WavFile.Read(input.Path).Samples;
        Assert.Equal(
            windows.Select(window => string.Join(' ', Names(window))),
            predictor
                .PredictWindows(waveform, new(1))
                .Select(window => string.Join(' ', window.Warnings.Select(warning => warning.Name)))
        );
    }

    /// <summary>NaN at 0.25 s; the second channel is silent up to 2 s; the channels are opposite from 4 s on.</summary>
    [Fact]
    public void Warnings_of_samples_are_with_the_windows_that_have_them()
    {
        const int rate = 8000; // samples are counted at the rate of the recording
        var first = Enumerable.Range(0, 6 * rate).Select(i => 0.3f * MathF.Sin(i * 0.3f)).ToArray();
        var second = first
            .Select(
                (sample, i) =>
                    i < 2 * rate ? 0
                    : i < 4 * rate ? sample
                    : -sample
            )
            .ToArray();
        first[rate / 4] = float.NaN;
        PredictionInput input = new(folder.PathOf("stereo.wav"));
        File.WriteAllBytes(input.Path, SyntheticWav.FromChannels([first, second], rate));
        using var other = OpenWithoutSpeechDetection();
        List<string> Find(PredictionInput part, WindowOptions windows) =>
            [
                .. RecordingSetPredictor
                    .Create(other, [part], windows)
                    .Predict()
                    .Select(prediction => string.Join(' ', Names(prediction))),
            ];
        Assert.Equal(
            ["non_finite silent_channel", "silent_channel", "", "", "silent", "silent"],
            Find(input, new WindowOptions(1))
        );
        Assert.Equal(
            ["non_finite silent_channel", "silent_channel", "silent_channel", "silent_channel", ""],
            Find(input with { EndSeconds = 2.5 }, new WindowOptions(0.5))
        );
        Assert.Equal(["", "silent"], Find(input with { StartSeconds = 3 }, new WindowOptions(1, 2)));
        Assert.Equal(
            ["non_finite silent_channel", "", ""],
            Find(input with { EndSeconds = 4 }, new WindowOptions(2, 1))
        );
    }

    [Fact]
    public void Warnings_of_samples_are_with_the_segments_of_speech_that_have_them()
    {
        // A second of silence, 3 of a voice, a second of silence; the silence is damaged, and then the voice.
        var samples = WavFile.Read(Write("silence_voice_silence").Path).Samples;
        PredictionInput input = new(folder.PathOf("damaged.wav"));
        samples[1000] = float.NaN;
        File.WriteAllBytes(input.Path, SyntheticWav.FromChannels([samples], 16_000));
        Assert.DoesNotContain(RecordingWarning.NonFinite, Predict([input], bySpeech: true).SelectMany(Names));
        samples[32_000] = float.NaN;
        File.WriteAllBytes(input.Path, SyntheticWav.FromChannels([samples], 16_000));
        foreach (var prediction in Predict([input], bySpeech: true))
            Assert.Equal(
                prediction.StartSeconds <= 2 && prediction.EndSeconds > 2,
                Names(prediction).Contains(RecordingWarning.NonFinite)
            );
    }

    [Fact]
    public void Stretches_of_speech_are_predicted_alone()
    {
        var input = Write("silence_voice_silence");
        var predictions = Predict([input], bySpeech: true);
        Assert.NotEmpty(predictions);
        Assert.InRange(predictions[0].StartSeconds!.Value, 0.9, 1.3);
        foreach (var prediction in predictions)
        {
            var part = input with
            {
                StartSeconds = prediction.StartSeconds,

                EndSeconds = prediction.EndSeconds,
            };
            Assert.Equal(Predict([part])[0].Probabilities, prediction.Probabilities);
            Assert.DoesNotContain(RecordingWarning.NoSpeech, Names(prediction));
        }
    }

    [Fact]
    public void A_recording_without_stretches_of_speech_has_no_probabilities_and_no_error()
    {
        var predictions = Predict([Write("tone_440_hz"), Write("voice")], bySpeech: true);
        Assert.Null(predictions[0].Probabilities);
        Assert.Null(predictions[0].Error);
        Assert.Equal((0, 2), (predictions[0].StartSeconds, predictions[0].EndSeconds));
        Assert.Equal([RecordingWarning.NoSpeech], Names(predictions[0]));
        Assert.NotNull(predictions[1].Probabilities);
    }

    [Fact]
    public void Frames_have_no_stretches_of_speech() =>
        Assert.Contains(
            "the frame rate of an .npz is unknown",
            Predict([new("frames.npz")], bySpeech: true)[0].Error!.Message,
            StringComparison.Ordinal
        );

    private EmotionPredictor OpenWithoutSpeechDetection() =>
        EmotionPredictor.Open([folder.PathOf("model.keras")], LogMelPredictor.Options with { DetectSpeech = false });

    private List<RecordingPrediction> Predict(
        PredictionInput[] inputs,
        WindowOptions? windows = null,
        bool bySpeech = false
    ) => [.. RecordingSetPredictor.Create(predictor, inputs, windows, bySpeech).Predict()];

    private static IEnumerable<string> Names(RecordingPrediction prediction) =>
        prediction.Warnings.Select(warning => warning.Name);

    private PredictionInput Write(string sound)
    {
        var path = folder.PathOf($"{sound}.wav");
        WavWriter.Write(path, Sounds[$"{sound}/waveform"].ToSingles(), 16_000);
        return new(path);
    }
}
