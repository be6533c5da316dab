using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>Clips for which a feature model has no probabilities.</summary>
public sealed class OnnxInvalidClipTests : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_clip_longer_than_a_fixed_length_gives_NaN_where_predict_fails()
    {
        var network = new NetworkOptions(6, 3);
        var modelBuilder = RandomModelBuilder.Create(network, seed: 5, padding: 30);
        modelBuilder = modelBuilder with { Model = modelBuilder.Model with { IsFixedLength = true } };
        var clip = RandomModelBuilder.Frames(network, 31, 9);
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = modelBuilder.Load(folder.Path);
        var probabilities = session.Run(
            ("lengths", [31, 30]),
            ("frames", [.. clip.Values, .. clip.Values], [2, 31, 6])
        );
        Assert.All(probabilities[..3], probability => Assert.True(float.IsNaN(probability)));
        Assert.Contains(
            "fixed length of 30 frames",
            Assert.Throws<InvalidInputException>(() => predictor.Predict([clip])).Message,
            StringComparison.Ordinal
        );
        FloatAssert.Near(
            predictor.Predict([new(clip.Values[..(30 * 6)], 30, 1, 6)])[0].Select(p => (float)p).ToArray(),
            probabilities.AsSpan(3),
            Tolerance
        );
        Assert.Equal("30", session.Metadata["most_frames"]);
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
        var modelBuilder = RandomModelBuilder.Create(network, seed: 5, padding: padding);
        modelBuilder = modelBuilder with { Model = modelBuilder.Model with { IsFixedLength = isFixedLength } };
        var clip = RandomModelBuilder.Frames(network, 12, 9);
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = modelBuilder.Load(folder.Path);
        var probabilities = session.Run(
            ("lengths", [length, 12]),
            ("frames", [.. clip.Values, .. clip.Values], [2, 12, 6])
        );
        Assert.All(probabilities[..3], probability => Assert.True(float.IsNaN(probability)));
        FloatAssert.Near(
            predictor.Predict([clip])[0].Select(p => (float)p).ToArray(),
            probabilities.AsSpan(3),
            Tolerance
        );
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_non_finite_frame_gives_NaN(float value)
    {
        var network = new NetworkOptions(6, 3);
        var modelBuilder = RandomModelBuilder.Create(network, seed: 5);
        var clip = RandomModelBuilder.Frames(network, 12, 9);
        float[] invalid = [.. clip.Values];
        invalid[(11 * 6) + 5] = value; // the last one
        using var session = new OnnxSession(
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: false),
            1
        );
        using var predictor = modelBuilder.Load(folder.Path);
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
}
