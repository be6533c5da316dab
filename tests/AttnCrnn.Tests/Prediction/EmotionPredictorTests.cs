using AttnCrnn.Encoders;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Prediction;

public sealed class EmotionPredictorTests(LogMelPredictor model) : IClassFixture<LogMelPredictor>
{
    [Fact]
    public void A_file_is_predicted_as_its_waveform_and_its_frames()
    {
        var path = model.PathOf("file.wav");
        WavWriter.Write(path, LogMelModels.Sweep(1), 16_000);
        var samples = WavFile.Read(path).Samples;
        using var encoder = new LogMelEncoder();
        var expected = model.Predictor.PredictFrames(encoder.Encode(samples));
        Assert.Equal(1, expected.Sum(), 1e-6);
        Assert.Equal(expected, model.Predictor.PredictFile(path));
        Assert.Equal(expected, model.Predictor.Predict(samples));
    }

    [Fact]
    public void A_window_is_predicted_from_its_samples_alone()
    {
        var samples = LogMelModels.Sweep(1.2);
        var windows = model.Predictor.PredictWindows(samples, new(0.5, 0.25)).ToList();
        Assert.Equal([0, 0.25, 0.5, 0.75], windows.Select(window => window.StartSeconds));
        Assert.Equal(model.Predictor.Predict(samples.AsMemory(4000, 8000)), windows[1].Probabilities);
        Assert.Equal((0.75, 1.2), (windows[^1].StartSeconds, windows[^1].EndSeconds));
    }

    [Theory]
    [InlineData(1, 2)] // calls wait for each other
    [InlineData(3, 1)]
    [InlineData(8, 1)]
    public void Eight_concurrent_callers_get_the_bits_of_single_calls(int concurrency, int threads)
    {
        const int callers = 8;
        float[][] clips = [.. Enumerable.Range(0, 3 * callers).Select(i => LogMelModels.Sweep(0.3 + (0.05 * i)))];
        double[][] expected = [.. clips.Select(clip => model.Predictor.Predict(clip))];
        var options = new EmotionPredictorOptions
        {
            Threads = threads,

            Concurrency = concurrency,
        };
        using var predictor = EmotionPredictor.Open(model.Predictor.ModelPaths, options);
        var actual = new double[clips.Length][];
        using var start = new Barrier(callers);
        Thread[] workers =
        [
            .. Enumerable
                .Range(0, callers)
                .Select(caller => new Thread(() =>
                {
                    start.SignalAndWait();
                    for (var i = caller; i < clips.Length; i += callers)
                        actual[i] = predictor.Predict(clips[i]);
                })),
        ];
        foreach (var worker in workers)
            worker.Start();
        foreach (var worker in workers)
            worker.Join();
        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_concurrency_is_that_of_the_network() =>
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            EmotionPredictor.Open(model.Predictor.ModelPaths, LogMelPredictor.Options with { Concurrency = 0 })
        );

    [Fact]
    public void A_run_of_folds_gives_the_mean_of_their_models()
    {
        var paths = LogMelModels.WriteFolds(model.PathOf("work"), "run", folds: 3);
        using var predictor = RunPredictor.Open(model.PathOf("work"), "run", LogMelPredictor.Options);
        Assert.Equal(paths, predictor.ModelPaths);
        var samples = LogMelModels.Sweep(0.7);
        double[][] folds =
        [
            .. paths.Select(path =>
            {
                using var fold = EmotionPredictor.Open([path], LogMelPredictor.Options);
                return fold.Predict(samples);
            }),
        ];
        FloatAssert.Near(
            [.. Enumerable.Range(0, 3).Select(k => (float)folds.Average(fold => fold[k]))],
            [.. predictor.Predict(samples).Select(value => (float)value)],
            1e-6
        );
        Assert.NotEqual(folds[0], folds[1]);
    }

    [Fact]
    public async Task The_encoder_of_a_model_is_opened_once()
    {
        using var encoder = new ModelEncoder(model.Predictor.Info!.Encoder, name: null, layers: null, threads: 1);
        var opened = await Task.WhenAll(encoder.GetAsync(null), encoder.GetAsync(null));
        Assert.Same(opened[0], opened[1]);
        Assert.Same(opened[0], encoder.Get(null));
    }

    [Fact]
    public void Layers_are_rejected_for_a_model_with_its_own_encoder()
    {
        var options = LogMelPredictor.Options with { Layers = "7" };
        var error = Assert.Throws<EncoderOptionException>(() =>
            EmotionPredictor.Open(model.Predictor.ModelPaths, options)
        );
        Assert.Equal("log-mel", error.Expected.Name);
        Assert.Contains("layers 7: the model already has its encoder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Statistics_of_a_speaker_are_rejected_for_a_model_that_does_not_use_them()
    {
        var speaker = new FeatureNormalization(
            NormalizationMode.Speaker,
            new float[80],
            [.. Enumerable.Repeat(1f, 80)]
        );
        var error = Assert.Throws<ArgumentException>(() => model.Predictor.Predict(LogMelModels.Sweep(1), speaker));
        Assert.Contains("corpus normalization", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.09, null)]
    [InlineData(3601, null)]
    [InlineData(double.NaN, null)]
    [InlineData(1, 0.009)]
    [InlineData(1, 3601.0)]
    public void Windows_outside_the_limits_are_rejected(double seconds, double? hop) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WindowOptions(seconds, hop));
}
