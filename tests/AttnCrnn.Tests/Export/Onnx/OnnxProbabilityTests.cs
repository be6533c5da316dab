using AttnCrnn.Encoders;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Onnx;
using CsCheck;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>Feature models in ONNX Runtime, against this program and against Keras.</summary>
public sealed class OnnxProbabilityTests : IDisposable
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
        Gen.Int[0, 215],
        (width, classes, layers, filters, units, parts) =>
            NetworkVersions.Canonicalize(
                new NetworkOptions(width, classes)
                {
                    EncoderLayers = layers,
                    Conv1Filters = filters,
                    Conv2Filters = filters + 2,
                    LstmUnits = units,
                    DenseUnits = units + 3,
                    HasAttentionScale = parts % 2 == 0,
                    HasResidual = parts / 2 % 2 == 0,
                    HasLayerNorm = parts / 4 % 2 == 0,
                    HeadNormalization = (HeadNormalization)(parts / 8 % 3),
                    Activation = (HeadActivation)(parts / 24 % 3),
                    Pooling = (TemporalPooling)(parts / 72),
                }
            )
    );

    [Fact]
    public void Batched_clips_of_any_length_ignore_values_beyond_their_ends() =>
        Gen.Select(
                Networks,
                Gen.Int[4, 60].Array[1, 6],
                SelectFrom("none", "corpus"),
                SelectFrom(1.0, 1.7, 20),
                SelectFrom(0, 0, 25),
                Gen.Int[0, 4],
                Gen.Int[0, 1000]
            )
            .Sample(
                (network, lengths, normalization, temperature, padding, beyond, seed) =>
                {
                    var modelBuilder = RandomModelBuilder.Create(network, seed, normalization, temperature, padding);
                    AssertSame(modelBuilder, lengths, beyond);
                },
                iter: 120,
                threads: 1
            );

    [Theory]
    [InlineData("v1", 1)]
    [InlineData("v2", 1)]
    [InlineData("v2", 3)]
    public void ONNX_probabilities_match_at_full_size_and_down_to_four_frames(string version, int layers)
    {
        var network = (version == "v1" ? NetworkOptions.CreateV1(80, 8) : new NetworkOptions(80, 8)) with
        {
            EncoderLayers = layers,
        };
        AssertSame(RandomModelBuilder.Create(network, seed: 3), [4, 5, 6, 7, 371, 8, 9, 150], beyond: 3);
    }

    [Fact]
    public void Probabilities_below_the_float32_range_are_calibrated_equally()
    {
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(5, 4), seed: 1, temperature: 20);
        foreach (var bias in modelBuilder.Tensors.Where(tensor => tensor.Name == "dense_1/bias"))
            ((float[])[0, -70, -300, 5]).CopyTo(bias.Values, 0);
        AssertSame(modelBuilder, [30, 12], beyond: 0);
    }

    [Fact]
    public void ONNX_probabilities_match_Keras()
    {
        var path = folder.PathOf("m.onnx");
        var (weights, inference) = (
            NpzFile.Read(Fixtures.Path("keras", "full_weights.npz")),
            NpzFile.Read(Fixtures.Path("keras", "full_inference.npz"))
        );
        var network = new NetworkOptions(768, 6);
        ModelTensor[] tensors =
        [
            .. Parameters
                .ListShapes(network)
                .Select(shape => new ModelTensor(shape.Name, shape.Shape, weights[shape.Name].ToSingles())),
        ];
        OnnxExporter.ExportFeatureModel(
            path,
            RandomModelBuilder.Create(network, 0, "none", temperature: 1).Model,
            tensors
        );
        using var session = OnnxSession.Load(path, threads: 2);
        AssertMatchesKeras(inference, session);
    }

    [Theory]
    [InlineData("lambda_named_gelu")] // tanh approximation of GELU
    [InlineData("original_style")] // fixed length: shorter clips are padded to it
    public void ONNX_probabilities_of_foreign_archives_match_Keras(string name)
    {
        var model = ModelFile.Read(
            Fixtures.Path("keras", $"{name}.keras"),
            [.. Enumerable.Range(0, 6).Select(k => $"{k}")]
        );
        var inference = NpzFile.Read(Fixtures.Path("keras", $"{name}.npz"));
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(model.Info, model.Tensors, quantizeInt8: false),
            1
        );
        AssertMatchesKeras(inference, session);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("corpus")]
    public void Clips_of_a_fixed_length_network_are_padded_before_normalization(string normalization)
    {
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(6, 3), seed: 5, normalization, padding: 30);
        AssertSame(
            modelBuilder with
            {
                Model = modelBuilder.Model with { IsFixedLength = true },
            },
            [4, 17, 30],
            beyond: 0
        );
    }

    [Fact]
    public void A_speaker_normalized_model_documents_that_it_takes_normalized_frames()
    {
        var network = new NetworkOptions(6, 3);
        var modelBuilder = RandomModelBuilder.Create(network, seed: 5, "speaker");
        var clip = RandomModelBuilder.Frames(network, 40, 9);
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = modelBuilder.Load(folder.Path);
        float[] normalized = [.. clip.Values];
        modelBuilder.Model.Normalization.Apply(normalized);
        FloatAssert.Near(
            predictor.Predict([clip])[0].Select(p => (float)p).ToArray(),
            session.Run(("lengths", [40]), ("frames", normalized, [1, 40, 6])),
            Tolerance
        );
        Assert.StartsWith("before the graph", session.Metadata["normalised"], StringComparison.Ordinal);
    }

    private static Gen<T> SelectFrom<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    // Every x of the archive gives its y.
    private static void AssertMatchesKeras(IReadOnlyDictionary<string, NpyArray> inference, OnnxSession session)
    {
        var names = inference.Keys.Where(name => name[0] == 'x').ToList();
        Assert.NotEmpty(names);
        foreach (var name in names)
        {
            var frames = inference[name];
            var probabilities = session.Run(
                ("lengths", [.. Enumerable.Repeat((long)frames.Shape[1], frames.Shape[0])]),
                ("frames", frames.ToSingles(), [.. frames.Shape])
            );
            FloatAssert.Near(inference["y" + name[1..]].ToSingles(), probabilities, Tolerance);
        }
    }

    private void AssertSame(RandomModelBuilder modelBuilder, int[] lengths, int beyond)
    {
        var network = modelBuilder.Model.Network;
        FrameMatrix[] clips =
        [
            .. lengths.Select((length, i) => RandomModelBuilder.Frames(network, length, (uint)i + 1)),
        ];
        var time = lengths.Max() + beyond;
        float[] batch = [.. Enumerable.Repeat(float.NaN, clips.Length * time * network.FrameWidth)];
        for (var i = 0; i < clips.Length; i++)
            clips[i].Values.CopyTo(batch, i * time * network.FrameWidth);
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: false),
            threads: 1
        );
        using var predictor = modelBuilder.Load(folder.Path);
        int[] shape =
            network.EncoderLayers == 1
                ? [clips.Length, time, network.Width]
                : [clips.Length, time, network.EncoderLayers, network.Width];
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
