using System.Text.Json;
using AttnCrnn.Encoders;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Onnx;
using AttnCrnn.Tests.Models;
using CsCheck;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>Feature models in ONNX Runtime, against this program and against Keras.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static readonly Gen<NetworkOptions> Networks = Gen.Select(
        Gen.Int[1, 9],
        Gen.Int[2, 7],
        Gen.Int[1, 4],
        Gen.Int[1, 9],
        Gen.Int[1, 9],
        Gen.Int[0, 47],
        (width, classes, layers, filters, units, parts) =>
            new NetworkOptions(width, classes)
            {
                Layers = layers,
                Conv1Filters = filters,
                Conv2Filters = filters + 2,
                LstmUnits = units,
                DenseUnits = units + 3,
                HasAttentionScale = parts % 2 == 0,
                HasResidual = parts / 2 % 2 == 0,
                HasLayerNorm = parts / 4 % 2 == 0,
                HasBatchNorm = parts / 8 % 2 == 0,
                Activation = (HeadActivation)(parts / 16),
            }
    );

    [Fact]
    public void Batched_clips_of_any_length_ignore_values_beyond_their_ends() =>
        Gen.Select(
                Networks,
                Gen.Int[4, 60].Array[1, 6],
                Among("none", "corpus"),
                Among(1.0, 1.7, 20),
                Among(0, 0, 25),
                Gen.Int[0, 4],
                Gen.Int[0, 1000]
            )
            .Sample(
                (network, lengths, normalization, temperature, padding, beyond, seed) =>
                {
                    var made = SyntheticModel.Create(network, seed, normalization, temperature, padding);
                    AssertSame(made, lengths, beyond);
                },
                iter: 60,
                threads: 1
            );

    [Theory]
    [InlineData("v1", 1)]
    [InlineData("v2", 1)]
    [InlineData("v2", 3)]
    public void Full_widths_and_lengths_down_to_four_frames(string version, int layers)
    {
        var network = (version == "v1" ? NetworkOptions.V1(80, 8) : new NetworkOptions(80, 8)) with { Layers = layers };
        AssertSame(SyntheticModel.Create(network, seed: 3), [4, 5, 6, 7, 371, 8, 9, 150], beyond: 3);
    }

    [Fact]
    public void Probabilities_below_float32_range_are_calibrated_the_same()
    {
        var made = SyntheticModel.Create(new NetworkOptions(5, 4), seed: 1, temperature: 20);
        foreach (var bias in made.Tensors.Where(tensor => tensor.Name == "dense_1/bias"))
            ((float[])[0, -70, -300, 5]).CopyTo(bias.Values, 0);
        AssertSame(made, [30, 12], beyond: 0);
    }

    [Fact]
    public void Keras_own_probabilities_come_out()
    {
        var path = folder.At("m.onnx");
        var (weights, inference) = (
            NpzFile.Read(Fixtures.Path("keras", "full_weights.npz")),
            NpzFile.Read(Fixtures.Path("keras", "full_inference.npz"))
        );
        var network = new NetworkOptions(768, 6);
        ModelTensor[] tensors =
        [
            .. Parameters
                .Shapes(network)
                .Select(valueTuple => new ModelTensor(
                    valueTuple.Name,
                    valueTuple.Shape,
                    weights[valueTuple.Name].ToSingles()
                )),
        ];
        OnnxExporter.ExportFeatureModel(path, SyntheticModel.Create(network, 0, "none", temperature: 1).Model, tensors);
        using var session = OnnxSession.Load(path, threads: 2);
        var names = inference.Keys.Where(name => name[0] == 'x').ToList();
        Assert.NotEmpty(names);
        foreach (
            var x in names.Select(name => (Frames: inference[name], Expected: inference["y" + name[1..]].ToSingles()))
        )
            FloatAssert.Near(
                x.Expected,
                session.Run(
                    ("lengths", [.. Enumerable.Repeat((long)x.Frames.Shape[1], x.Frames.Shape[0])]),
                    ("frames", x.Frames.ToSingles(), [.. x.Frames.Shape])
                ),
                Tolerance
            );
    }

    [Theory]
    [InlineData("lambda_named_gelu")] // tanh approximation of GELU
    [InlineData("original_style")] // fixed length: shorter clips are padded to it
    public void Archives_of_other_programs_keep_Keras_probabilities(string name)
    {
        var read = ModelFile.Read(
            Fixtures.Path("keras", $"{name}.keras"),
            [.. Enumerable.Range(0, 6).Select(k => $"{k}")]
        );
        var inference = NpzFile.Read(Fixtures.Path("keras", $"{name}.npz"));
        using var session = new OnnxSession(
            OnnxExporter.FeatureModel(read.Model, read.Tensors, quantizeInt8: false),
            1
        );
        var names = inference.Keys.Where(key => key[0] == 'x').ToList();
        Assert.NotEmpty(names);
        foreach (
            var x in names.Select(key => (Frames: inference[key], Expected: inference["y" + key[1..]].ToSingles()))
        )
            FloatAssert.Near(
                x.Expected,
                session.Run(
                    ("lengths", [.. Enumerable.Repeat((long)x.Frames.Shape[1], x.Frames.Shape[0])]),
                    ("frames", x.Frames.ToSingles(), [.. x.Frames.Shape])
                ),
                Tolerance
            );
    }

    [Theory]
    [InlineData("none")]
    [InlineData("corpus")]
    public void Clips_of_a_network_with_a_fixed_length_are_padded_before_they_are_normalized(string normalization)
    {
        var made = SyntheticModel.Create(new NetworkOptions(6, 3), seed: 5, normalization, padding: 30);
        AssertSame(made with { Model = made.Model with { IsFixedLength = true } }, [4, 17, 30], beyond: 0);
    }

    [Fact]
    public void A_clip_longer_than_a_fixed_length_gives_NaN_where_predict_fails()
    {
        var network = new NetworkOptions(6, 3);
        var made = SyntheticModel.Create(network, seed: 5, padding: 30);
        made = made with { Model = made.Model with { IsFixedLength = true } };
        var clip = SyntheticModel.Frames(network, 31, 9);
        using var session = new OnnxSession(
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = made.Load(folder.Path);
        var both = session.Run(("lengths", [31, 30]), ("frames", [.. clip.Values, .. clip.Values], [2, 31, 6]));
        Assert.All(both[..3], probability => Assert.True(float.IsNaN(probability)));
        Assert.Contains(
            "fixed length of 30 frames",
            Assert.Throws<InvalidInputException>(() => predictor.Predict([clip])).Message,
            StringComparison.Ordinal
        );
        FloatAssert.Near(
            predictor.Predict([new(clip.Values[..(30 * 6)], 30, 1, 6)])[0].Select(p => (float)p).ToArray(),
            both.AsSpan(3),
            Tolerance
        );
        Assert.Equal("30", session.Metadata["most_frames"]);
    }

    [Fact]
    public void A_speaker_normalized_model_documents_that_it_takes_normalized_frames()
    {
        var network = new NetworkOptions(6, 3);
        var made = SyntheticModel.Create(network, seed: 5, "speaker");
        var clip = SyntheticModel.Frames(network, 40, 9);
        using var session = new OnnxSession(
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = made.Load(folder.Path);
        float[] normalized = [.. clip.Values];
        made.Model.Normalization.Apply(normalized);
        FloatAssert.Near(
            predictor.Predict([clip])[0].Select(p => (float)p).ToArray(),
            session.Run(("lengths", [40]), ("frames", normalized, [1, 40, 6])),
            Tolerance
        );
        Assert.StartsWith("before the graph", session.Metadata["normalised"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 0, false)]
    [InlineData(0, 0, false)]
    [InlineData(-1, 0, false)]
    [InlineData(3, 25, false)]
    [InlineData(0, 25, false)]
    [InlineData(3, 25, true)]
    [InlineData(0, 25, true)]
    [InlineData(-1, 25, true)]
    public void A_clip_too_short_for_the_network_gives_NaN_and_others_their_probabilities(
        int length,
        int padding,
        bool isFixedLength
    )
    {
        var network = new NetworkOptions(6, 3);
        var made = SyntheticModel.Create(network, seed: 5, padding: padding);
        made = made with { Model = made.Model with { IsFixedLength = isFixedLength } };
        var clip = SyntheticModel.Frames(network, 12, 9);
        using var session = new OnnxSession(
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = made.Load(folder.Path);
        var both = session.Run(("lengths", [length, 12]), ("frames", [.. clip.Values, .. clip.Values], [2, 12, 6]));
        Assert.All(both[..3], probability => Assert.True(float.IsNaN(probability)));
        FloatAssert.Near(predictor.Predict([clip])[0].Select(p => (float)p).ToArray(), both.AsSpan(3), Tolerance);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_non_finite_frame_gives_NaN(float value)
    {
        var network = new NetworkOptions(6, 3);
        var made = SyntheticModel.Create(network, seed: 5);
        var clip = SyntheticModel.Frames(network, 12, 9);
        float[] invalid = [.. clip.Values];
        invalid[(11 * 6) + 5] = value; // the last one
        using var session = new OnnxSession(
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = made.Load(folder.Path);
        var probabilities = session.Run(
            ("lengths", [12, 11, 12]),
            ("frames", [.. invalid, .. invalid, .. clip.Values], [3, 12, 6])
        );
        Assert.All(probabilities[..3], probability => Assert.True(float.IsNaN(probability)));
        FloatAssert.Near(
            predictor
                .Predict([new(clip.Values[..(11 * 6)], 11, 1, 6), clip])
                .SelectMany(values => values)
                .Select(p => (float)p)
                .ToArray(),
            probabilities.AsSpan(3),
            Tolerance
        );
    }

    [Fact]
    public void No_two_tensors_have_one_name()
    {
        var graph = new GraphBuilder("twice");
        graph.Constant("a", [1f]);
        Assert.Contains(
            "duplicate tensor name",
            Assert.Throws<ArgumentException>(() => graph.Int64s("a", [1])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_int8_error_is_reported_for_a_short_fixed_length()
    {
        var made = SyntheticModel.Create(new NetworkOptions(6, 3), seed: 5, padding: 30);
        Assert.InRange(
            Int8ModelError.MaxProbabilityDifference(made.Model with { IsFixedLength = true }, made.Tensors),
            1e-7f,
            0.1f
        );
    }

    [Fact]
    public void The_file_names_labels_encoder_and_program_deterministically()
    {
        var made = SyntheticModel.Create(
            new NetworkOptions(6, 3) { Layers = 2 },
            seed: 5,
            encoder: new("facebook/wav2vec2-base", "abc-1", "all", 49.95, 6, 2)
        );
        var (a, b) = (folder.At("a.onnx"), folder.At("b.onnx"));
        OnnxExporter.ExportFeatureModel(a, made.Model, made.Tensors);
        OnnxExporter.ExportFeatureModel(b, made.Model, made.Tensors);
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        using var session = OnnxSession.Load(a, 1);
        Assert.Equal(made.Model.Labels, JsonSerializer.Deserialize<string[]>(session.Metadata["labels"]));
        Assert.Equal(
            ("facebook/wav2vec2-base", "abc-1", "all", "49.95", "0.1.0"),
            (
                session.Metadata["encoder"],
                session.Metadata["encoder_revision"],
                session.Metadata["encoder_layers"],
                session.Metadata["frames_per_second"],
                session.Metadata["attn_crnn_version"]
            )
        );
        Assert.DoesNotContain(
            "com.microsoft",
            System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(a)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Int8_kernels_take_a_quarter_and_change_probabilities_slightly()
    {
        var network = new NetworkOptions(80, 8);
        var made = SyntheticModel.Create(network, seed: 2);
        var (whole, coded) = (
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: true)
        );
        Assert.InRange((double)coded.Length / whole.Length, 0.2, 0.3);
        var clip = SyntheticModel.Frames(network, 100, 4);
        using var exact = new OnnxSession(whole, 1);
        using var quantized = new OnnxSession(coded, 1);
        float[] Run(OnnxSession session) => session.Run(("lengths", [100]), ("frames", clip.Values, [1, 100, 80]));
        Assert.InRange(Run(exact).Zip(Run(quantized), (a, b) => Math.Abs(a - b)).Max(), 1e-6, 0.05);
        Assert.Equal("int8", quantized.Metadata["weights"]);
    }

    private static Gen<T> Among<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private void AssertSame(SyntheticModel made, int[] lengths, int beyond)
    {
        var network = made.Model.Network;
        FrameMatrix[] clips = [.. lengths.Select((length, i) => SyntheticModel.Frames(network, length, (uint)i + 1))];
        var time = lengths.Max() + beyond;
        float[] batch = [.. Enumerable.Repeat(float.NaN, clips.Length * time * network.FrameWidth)];
        for (var i = 0; i < clips.Length; i++)
            clips[i].Values.CopyTo(batch, i * time * network.FrameWidth);
        using var session = new OnnxSession(
            OnnxExporter.FeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            threads: 1
        );
        using var predictor = made.Load(folder.Path);
        int[] shape =
            network.Layers == 1
                ? [clips.Length, time, network.Width]
                : [clips.Length, time, network.Layers, network.Width];
        FloatAssert.Near(
            [
                .. predictor
                    .Predict(clips)
                    .SelectMany(probabilities => probabilities)
                    .Select(probability => (float)probability),
            ],
            session.Run(("lengths", [.. lengths.Select(length => (long)length)]), ("frames", batch, shape)),
            Tolerance
        );
    }
}
