using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Encoders;

/// <summary>An encoder that an application implements.</summary>
public sealed class CustomEncoderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_custom_encoder_is_extracted_with_trained_with_and_predicted_with()
    {
        using var encoder = new LoudnessEncoder();
        var clips = ToneClipBuilder.Create(folder, 12, "a", "b");
        new FeatureExtractor(encoder, new(folder.PathOf("store")), TimeProvider.System).Run(clips, synthetic: true);
        using var store = FeatureStore.Open([folder.PathOf("store")]);
        var options = new TrainingOptions
        {
            Epochs = 1,
            Copies = 1,
            Threads = 2,
        };
        var experiment = new Experiment(store, new() { Training = options });
        var run = RunDirectory.Create(folder.Path, NetworkVersions.Format(options.Model), TimeProvider.System);
        experiment.Train(null, new(run, [], "test", TimeProvider.System), progress: null, CancellationToken.None);

        using var model = Ensemble.Load(RunDirectory.FindModels(folder.Path, run.Name), 2);
        Assert.Equal(encoder.Description, model.Info.Encoder);
        Assert.Null(model.DescribeMismatch(encoder.Description));
        var probabilities = model.Predict([encoder.Encode(ToneClipBuilder.Tone(1))])[0];
        Assert.Equal(1, probabilities.Sum(), 1e-6);
    }

    [Fact]
    public void Frames_that_differ_from_the_description_are_an_error_that_names_the_encoder()
    {
        using var encoder = new LoudnessEncoder(new("loudness", "1", "", 100, 3, 1));
        var extractor = new FeatureExtractor(encoder, new(folder.PathOf("store")) { Threads = 1 }, TimeProvider.System);
        var clips = ToneClipBuilder.Create(folder, 1, "a");
        var error = Assert.Throws<AggregateException>(() => extractor.Run(clips, synthetic: true));
        var inner = Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Contains(
            "loudness: 100 values for 50 frames of 1 x 2 features, expected 1 x 3",
            inner.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", 100, 2, 1, "name ''")]
    [InlineData("npz", 100, 2, 1, "name 'npz'")]
    [InlineData("mine", 0, 2, 1, "0 frames per second")]
    [InlineData("mine", double.NaN, 2, 1, "NaN frames per second")]
    [InlineData("mine", 100, 0, 1, "width 0")]
    [InlineData("mine", 100, 2, 0, "layer count 0")]
    public void An_invalid_description_is_rejected_before_anything_is_written(
        string name,
        double rate,
        int width,
        int layers,
        string expected
    )
    {
        using var encoder = new LoudnessEncoder(new(name, "1", "", rate, width, layers));
        var store = folder.PathOf("store");
        var error = Assert.Throws<ArgumentException>(() =>
            new FeatureExtractor(encoder, new(store), TimeProvider.System)
        );
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(store));
    }

    /// <summary>Mean and maximum of the absolute samples of every 10 ms.</summary>
    private sealed class LoudnessEncoder(EncoderDescription? description = null) : IEncoder
    {
        private const int Hop = 160;

        public EncoderDescription Description { get; } = description ?? new("loudness", "1", "", 100, 2, 1);

        public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
        {
            var frames = new float[waveform.Length / Hop * 2];
            for (var i = 0; i < frames.Length; i += 2)
            {
                var samples = waveform.Slice(i / 2 * Hop, Hop);
                foreach (var sample in samples)
                {
                    frames[i] += Math.Abs(sample) / Hop;
                    frames[i + 1] = Math.Max(frames[i + 1], Math.Abs(sample));
                }
            }
            return new(frames, frames.Length / 2, 1, 2);
        }

        public void Dispose() { }
    }
}
