using System.Text.Json;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Encoders.Transformers.Wav2Vec2;
using AttnCrnn.Formats.Numpy;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>Against transformers' hidden states for tiny networks of every family (fixtures/encoders).</summary>
public sealed class SpeechEncoderTests
{
    private const double HiddenTolerance = 5e-5,
        InputTolerance = 1e-5;

    public static TheoryData<string> Checkpoints { get; } =
        new(
            "wav2vec2-base-like",
            "wav2vec2-base-like-bfloat16",
            "wav2vec2-base-like-float16",
            "wav2vec2-base-like-old-names",
            "wav2vec2-base-like-pytorch-bin-legacy",
            "wav2vec2-base-like-pytorch-bin-zip",
            "wav2vec2-base-like-sharded",
            "wav2vec2-large-like",
            "wav2vec2-ctc-head",
            "wav2vec2-pretraining-heads",
            "hubert-base-like",
            "hubert-base-like-old-names",
            "hubert-large-like",
            "wavlm-base-like",
            "wavlm-base-like-old-names",
            "wavlm-large-like",
            "unispeech-sat/unispeech-sat-base-like",
            "unispeech-sat/unispeech-sat-large-like",
            "unispeech-sat/unispeech-large-like",
            "data2vec-audio/data2vec-audio-base-like",
            "data2vec-audio/data2vec-audio-ctc-head",
            "wav2vec2-conformer/conformer-rel-pos-like",
            "wav2vec2-conformer/conformer-rope-like",
            "sew/sew-like",
            "wav2vec2-bert/w2v-bert-2.0-like",
            "emotion2vec/emotion2vec-base-like",
            "emotion2vec/emotion2vec-plus-like"
        );

    [Theory, MemberData(nameof(Checkpoints))]
    public void Every_hidden_state_matches_transformers(string checkpoint)
    {
        var (expected, tolerance) = ReadExpected(checkpoint);
        using var encoder = Open(checkpoint, "all");
        foreach (var clip in Clips(expected))
        {
            var frames = encoder.Encode(expected[$"{clip}/waveform"].ToSingles());
            var states = expected[$"{clip}/hidden_states"];
            FrameAssert.States(states, states.Shape[1], frames, _ => tolerance, clip);
        }
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Layer_last_matches_the_last_hidden_state_of_transformers(string checkpoint)
    {
        var (expected, tolerance) = ReadExpected(checkpoint);
        using var encoder = Open(checkpoint, "last");
        foreach (var clip in Clips(expected))
        {
            var frames = encoder.Encode(expected[$"{clip}/waveform"].ToSingles());
            FloatAssert.Near(expected[$"{clip}/last_hidden_state"].ToSingles(), frames.Values, tolerance, clip);
        }
    }

    [Theory]
    [InlineData("2", 2, 2)]
    [InlineData("1-3", 1, 3)]
    [InlineData("0", 0, 0)]
    public void A_layer_is_its_hidden_state_and_a_range_their_mean(string layers, int first, int last)
    {
        var (expected, _) = ReadExpected("wavlm-large-like");
        using var encoder = Open("wavlm-large-like", layers);
        var states = expected["odd_length/hidden_states"];
        var size = states.Shape[1] * states.Shape[2];
        var (values, mean) = (states.ToSingles(), new float[size]);
        for (var i = 0; i < size; i++)
            mean[i] =
                Enumerable.Range(first, last - first + 1).Sum(layer => values[(layer * size) + i]) / (last - first + 1);
        var frames = encoder.Encode(expected["odd_length/waveform"].ToSingles());
        FloatAssert.Near(mean, frames.Values, HiddenTolerance, layers);
    }

    [Theory]
    [InlineData("wav2vec2-large-like")]
    [InlineData("hubert-large-like")]
    [InlineData("wavlm-large-like")]
    public void Real_frames_of_a_padded_batch_match_the_clip_alone(string checkpoint)
    {
        var (expected, _) = ReadExpected(checkpoint);
        var padded = expected["padded/hidden_states"];
        using var encoder = Open(checkpoint, "all");
        var (inputs, mask) = (expected["padded/input_values"], expected["padded/attention_mask"].ToSingles());
        var (samples, layers, width) = (inputs.Shape[1], padded.Shape[1], padded.Shape[3]);
        for (var row = 0; row < inputs.Shape[0]; row++)
        {
            var real = (int)mask.AsSpan(row * samples, samples).ToArray().Sum();
            var clip = Clips(expected).Single(name => expected[$"{name}/waveform"].Shape[0] == real);
            var frames = encoder.Encode(expected[$"{clip}/waveform"].ToSingles());
            for (var layer = 0; layer < layers; layer++)
            for (var frame = 0; frame < frames.Count; frame++)
                FloatAssert.Near(
                    padded.ToSingles().AsSpan(((((row * layers) + layer) * padded.Shape[2]) + frame) * width, width),
                    frames.Values.AsSpan(((frame * layers) + layer) * width, width),
                    HiddenTolerance,
                    $"row {row}, layer {layer}, frame {frame}"
                );
        }
    }

    [Theory]
    [InlineData("wav2vec2-base-like")]
    [InlineData("wav2vec2-large-like")]
    [InlineData("wavlm-base-like")]
    public void Network_input_matches_the_preprocessors_output(string checkpoint)
    {
        var (expected, _) = ReadExpected(checkpoint);
        var preprocessing = WaveformPreprocessing.Read(CheckpointFolder.Open(Fixtures.Path("encoders", checkpoint)));
        foreach (var clip in Clips(expected))
        {
            var input = preprocessing.Apply(expected[$"{clip}/waveform"].ToSingles());
            FloatAssert.Near(expected[$"{clip}/input_values"].ToSingles(), input, InputTolerance, clip);
        }
    }

    [Fact]
    public void WavLM_position_buckets_match_the_reference_at_every_distance()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("encoders", "wavlm_buckets.json")));
        foreach (var element in json.RootElement.EnumerateArray())
        {
            var (buckets, farthest, firstDistance) = (
                element.GetProperty("num_buckets").GetInt32(),
                element.GetProperty("max_bucket_distance").GetInt32(),
                element.GetProperty("from_distance").GetInt32()
            );
            var expected = element
                .GetProperty("buckets")
                .EnumerateArray()
                .Select(bucket => bucket.GetInt32())
                .ToArray();
            Assert.Equal(
                expected,
                Enumerable
                    .Range(firstDistance, expected.Length)
                    .Select(distance => WavLmBuckets.Compute(distance, buckets, farthest))
            );
        }
    }

    [Fact]
    public void A_clip_is_bit_identical_for_any_number_of_threads()
    {
        var waveform = ReadExpected("wavlm-base-like").Arrays["two_seconds/waveform"].ToSingles();
        using var batched = Open("wavlm-base-like", "last");
        using var encoder = new SpeechEncoder(
            Fixtures.Path("encoders", "wavlm-base-like"),
            "wavlm",
            null,
            new("last") { Threads = 2 }
        );
        Assert.Equal(batched.Encode(waveform).Values, encoder.Encode(waveform).Values);
    }

    [Fact]
    public void Missing_tensors_are_listed()
    {
        var exception = Assert.Throws<InvalidInputException>(() =>
            new SpeechEncoder(Fixtures.Path("encoders", "refuse", "missing-layer"), "x", null, new("last"))
        );
        Assert.Contains("no encoder.layers", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5", "0 to 4")]
    [InlineData("3-1", "the lower bound first")]
    [InlineData("middle", "expected last, all")]
    [InlineData("-1", "expected last, all")]
    public void Missing_layers_are_rejected(string layers, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidInputException>(() => Open("wav2vec2-base-like", layers)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_long_recording_is_encoded_in_chunks_that_cover_it_once()
    {
        var network = SpeechCheckpoint.Open(Fixtures.Path("encoders", "wav2vec2-large-like")).ReadNetwork(new());
        foreach (var samples in (int[])[400, 160_000, 480_000, 480_080, 480_400, 500_000, 1_000_001, 5_000_000])
        {
            var next = 0;
            foreach (var chunk in new ChunkPlanner(30, network).Plan(samples))
            {
                Assert.Equal(next, chunk.FirstFrame);
                Assert.Equal(0, chunk.FirstSample % network.Hop);
                Assert.Equal(chunk.FirstSample / network.Hop, chunk.FirstFrame - chunk.SkippedFrames);
                Assert.InRange(chunk.FirstSample + chunk.Samples, 1, samples);
                Assert.InRange(chunk.SkippedFrames + chunk.Frames, 1, network.CountFrames(chunk.Samples));
                // Includes the samples after the last frame.
                Assert.InRange(chunk.Samples, 1, (30 * 16000) + network.Hop - 1);
                next += chunk.Frames;
            }
            Assert.Equal(network.CountFrames(samples), next);
        }
    }

    [Fact]
    public void The_last_layer_of_a_speech_recognizer_causes_a_warning()
    {
        using var last = Open("wav2vec2-ctc-head", "last");
        using var encoder = Open("wav2vec2-ctc-head", "2");
        Assert.Contains("try the layers 4-8", last.Warning, StringComparison.Ordinal);
        Assert.Null(encoder.Warning);
    }

    private static SpeechEncoder Open(string checkpoint, string layers) =>
        new(Fixtures.Path("encoders", checkpoint), checkpoint, null, new(layers));

    private static (IReadOnlyDictionary<string, NpyArray> Arrays, double Tolerance) ReadExpected(string checkpoint)
    {
        var folder = Fixtures.Path("encoders", checkpoint);
        var pointer = Path.Combine(folder, "expected.json");
        if (!File.Exists(pointer) || File.Exists(Path.Combine(folder, "expected.npz")))
            return (NpzFile.Read(Path.Combine(folder, "expected.npz")), HiddenTolerance);
        using var json = JsonDocument.Parse(File.ReadAllText(pointer));
        return (
            NpzFile.Read(
                Path.Combine(
                    Fixtures.Path("encoders", json.RootElement.GetProperty("same_as").GetString()!),
                    "expected.npz"
                )
            ),
            json.RootElement.TryGetProperty("tolerance", out var tolerance) ? tolerance.GetDouble() : HiddenTolerance
        );
    }

    private static IEnumerable<string> Clips(IReadOnlyDictionary<string, NpyArray> expected) =>
        expected
            .Keys.Where(key => key.EndsWith("/waveform", StringComparison.Ordinal))
            .Select(key => key[..^"/waveform".Length]);
}
