using AttnCrnn.Encoders;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Tests.Prediction;

public sealed class RecordingSetPredictorTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly EmotionPredictor predictor;

    public RecordingSetPredictorTests() =>
        predictor = EmotionPredictor.Open(
            [LogMelModels.Write(folder.PathOf("model.keras"), normalization: "speaker")],
            LogMelPredictor.Options
        );

    public void Dispose()
    {
        predictor.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Recordings_are_normalized_by_all_recordings_of_their_speaker()
    {
        PredictionInput[] inputs = [Input("a", 1.5, "ina"), Input("b", 1.1, "jon"), Input("c", 1.7, "ina")];
        var set = RecordingSetPredictor.Create(predictor, inputs);
        using var encoder = new LogMelEncoder();
        var frames = inputs.Select(input => encoder.Encode(WavFile.Read(input.Path).Samples)).ToList();
        var statistics = new SpeakerStatistics(80);
        statistics.Add("ina", frames[0].Values);
        statistics.Add("ina", frames[2].Values);
        var ina = statistics.Compute("ina");
        Assert.NotNull(ina);
        Assert.Equal(
            [
                predictor.PredictFrames(frames[0], ina),
                predictor.PredictFrames(frames[1]), // a single recording is not enough
                predictor.PredictFrames(frames[2], ina),
            ],
            set.Predict().Select(prediction => prediction.Probabilities!)
        );
        Assert.NotEqual(predictor.PredictFrames(frames[0]), predictor.PredictFrames(frames[0], ina));
        var summary = set.SpeakerStatistics!;
        Assert.Equal((3, 2, 0), (summary.InputCount, summary.NormalizedCount, summary.UnknownSpeakerCount));
        Assert.Equal(["ina"], summary.NormalizedSpeakers);
        Assert.Equal(["jon"], summary.InsufficientSpeakers);
    }

    [Fact]
    public void Statistics_of_windows_do_not_depend_on_the_hop()
    {
        PredictionInput[] inputs = [Input("a", 2.5, "ina"), Input("b", 1.3, "ina")];
        var windows = Predict(inputs, new(0.5)).ToLookup(prediction => (prediction.Input, prediction.StartSeconds));
        var dense = Predict(inputs, new(0.5, 0.25));
        var compared = 0;
        foreach (var window in dense.Where(window => window.EndSeconds - window.StartSeconds == 0.5))
        foreach (var match in windows[(window.Input, window.StartSeconds)])
        {
            Assert.Equal(match.Probabilities, window.Probabilities);
            compared++;
        }
        Assert.Equal(7, compared);
    }

    [Fact]
    public void An_invalid_input_has_an_error_in_its_place()
    {
        PredictionInput[] inputs = [Input("a", 1, null), new("nowhere.wav", "ina"), Input("b", 1, null)];
        var predictions = Predict(inputs, null);
        Assert.Equal(inputs, predictions.Select(prediction => prediction.Input));
        Assert.Equal([false, true, false], predictions.Select(prediction => prediction.Error is not null));
        Assert.StartsWith("nowhere.wav: ", predictions[1].Error!.Message, StringComparison.Ordinal);
        Assert.Null(predictions[1].Probabilities);
    }

    [Fact]
    public void An_error_after_the_first_window_follows_it()
    {
        // The second segment is outside the recording.
        PredictionInput[] inputs =
        [
            Input("a", 1, null) with
            {
                StartSeconds = 0.5,
            },
            new(folder.PathOf("a.wav"), null, 2),
        ];
        var predictions = Predict(inputs, new(0.25));
        Assert.Equal([0.5, 0.75, null], predictions.Select(prediction => prediction.StartSeconds));
        Assert.Contains("a segment from 2 s", predictions[2].Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bytes_of_a_recording_are_predicted_as_its_file()
    {
        var file = Input("a", 1.2, null);
        var bytes = new PredictionInput("-") { Content = File.ReadAllBytes(file.Path) };
        var predictions = Predict([file, bytes], null);
        Assert.Equal("-", predictions[1].Input.Path);
        Assert.Equal(predictions[0].Probabilities, predictions[1].Probabilities);
    }

    [Fact]
    public void An_error_in_bytes_names_the_input_and_no_temporary_file()
    {
        byte[] truncated = [.. "RIFF\0\0\0\0WAVE"u8];
        var prediction = Predict([new("-") { Content = truncated }], null)[0];
        Assert.StartsWith(
            "- at byte 12: found the end of the file",
            prediction.Error!.Message,
            StringComparison.Ordinal
        );
        Assert.True(prediction.Error.IsIn("-"));
        Assert.DoesNotContain(Path.GetTempPath(), prediction.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_of_windows_does_not_grow_with_the_recording()
    {
        WavWriter.Write(folder.PathOf("long.wav"), new float[600 * 16_000], 16_000);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(30, Predict([new(folder.PathOf("long.wav"))], new(1, 20)).Count);
        // The waveform alone is 38 MB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 24 << 20);
    }

    [Fact]
    public void Statistics_are_computed_from_one_window_at_a_time()
    {
        const int frames = 100;
        var buffer = new float[2 * frames];
        var expected = new SpeakerStatistics(2);
        foreach (var window in Windows())
            expected.Add("ina", window.Input!.Value.Frames!.Values);
        var pass = new SpeakerStatisticsPass(2, [new("a.wav", "ina")], _ => Windows(), useCache: false);
        var actual = pass.GetNormalization(new("a.wav", "ina"))!;
        Assert.Equal(expected.Compute("ina")!.Mean, actual.Mean);

        // Every window is in the same memory: a list of them would have the last one only.
        IEnumerable<EncodedWindow> Windows()
        {
            for (var number = 0; number < 5; number++)
            {
                Array.Fill(buffer, number);
                yield return new(number, number + 1, new(new(buffer, frames, 1, 2), default));
            }
        }
    }

    [Fact]
    public void Bytes_are_predicted_by_windows_and_by_segments_as_their_file()
    {
        var file = Input("a", 1.2, null) with { StartSeconds = 0.3 };
        var bytes = file with
        {
            Path = "-",

            Content = File.ReadAllBytes(file.Path),
        };
        var windows = Predict([file, bytes], new(0.4, 0.2)).ToLookup(prediction => prediction.Input.Path);
        Assert.Equal(
            windows[file.Path].Select(window => (window.StartSeconds, string.Join(' ', window.Probabilities!))),
            windows["-"].Select(window => (window.StartSeconds, string.Join(' ', window.Probabilities!)))
        );
        Assert.Equal(4, windows["-"].Count());
        var whole = Predict([file, bytes], null);
        Assert.Equal(whole[0].Probabilities, whole[1].Probabilities);
    }

    [Fact]
    public void Windows_of_a_file_have_the_bits_of_its_waveform()
    {
        var input = Input("a", 2.3, null);
        var windows = new WindowOptions(0.5, 0.2);
        var expected = predictor.PredictWindows(WavFile.Read(input.Path).Samples, windows);
        Assert.Equal(
            expected.Select(window => (window.StartSeconds, string.Join(' ', window.Probabilities))),
            Predict([input], windows)
                .Select(window => (window.StartSeconds!.Value, string.Join(' ', window.Probabilities!)))
        );
    }

    [Fact]
    public void A_recording_that_fails_after_its_first_windows_has_no_influence_on_the_statistics()
    {
        PredictionInput[] inputs = [new("damaged.wav", "ina"), new("a.wav", "ina")];
        var expected = new SpeakerStatisticsPass(2, inputs[1..], Windows, useCache: true);
        var actual = new SpeakerStatisticsPass(2, inputs, Windows, useCache: true);
        Assert.Equal(expected.GetNormalization(inputs[1])!.Mean, actual.GetNormalization(inputs[1])!.Mean);
        Assert.Null(actual.Take(inputs[0]));
        Assert.Equal(5, actual.Take(inputs[1])!.Count);

        static IEnumerable<EncodedWindow> Windows(PredictionInput input)
        {
            for (var number = 0; number < 5; number++)
            {
                if (number == 3 && input.Path == "damaged.wav")
                    throw new InvalidInputException(input.Path, "the recording is damaged");
                float[] values = [.. Enumerable.Repeat((float)(number + input.Path.Length), 200)];
                yield return new(number, number + 1, new(new(values, 100, 1, 2), default));
            }
        }
    }

    [Fact]
    public void A_manifest_gives_segments_with_their_speakers()
    {
        var recording = Input("a", 1, null).Path;
        var manifest = folder.PathOf("clips.csv");
        File.WriteAllText(manifest, "path,speaker,start,end\na.wav,ina,0.25,0.75\na.wav,,,\n");
        Assert.Equal(
            [new(recording, "ina", 0.25, 0.75), new(recording, "jon")],
            PredictionInputs.FromPath(manifest, speaker: "jon")
        );
    }

    [Fact]
    public async Task An_encoder_that_cannot_be_opened_is_the_error_of_each_recording()
    {
        var options = LogMelPredictor.Options with { Encoder = folder.PathOf("missing") };
        using var withoutEncoder = EmotionPredictor.Open([folder.PathOf("model.keras")], options);
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => withoutEncoder.OpenEncoderAsync());
        PredictionInput[] inputs = [Input("a", 1, "ina"), Input("b", 1, "ina")];
        var set = await RecordingSetPredictor.CreateAsync(withoutEncoder, inputs);
        Assert.Equal(
            inputs.Select(input => $"{input.Path}: {error.Message}"),
            set.Predict().Select(prediction => prediction.Error!.Message)
        );
    }

    [Fact]
    public async Task A_set_that_opens_the_encoder_first_has_the_same_predictions()
    {
        PredictionInput[] inputs = [Input("a", 1.5, "ina"), Input("b", 1.1, "jon"), Input("c", 1.7, "ina")];
        var set = await RecordingSetPredictor.CreateAsync(predictor, inputs);
        Assert.Equal(
            Predict(inputs, null).Select(prediction => prediction.Probabilities),
            set.Predict().Select(prediction => prediction.Probabilities)
        );
    }

    private List<RecordingPrediction> Predict(PredictionInput[] inputs, WindowOptions? windows) =>
        [.. RecordingSetPredictor.Create(predictor, inputs, windows).Predict()];

    private PredictionInput Input(string name, double seconds, string? speaker)
    {
        var path = folder.PathOf($"{name}.wav");
        WavWriter.Write(path, LogMelModels.Sweep(seconds, loudness: 0.1 * seconds), 16_000);
        return new(path, speaker);
    }
}
