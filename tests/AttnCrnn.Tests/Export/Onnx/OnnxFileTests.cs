using System.Text.Json;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>Contents of an ONNX file of a feature model.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_file_contains_labels_encoder_and_version_deterministically()
    {
        var modelBuilder = RandomModelBuilder.Create(
            new NetworkOptions(6, 3) { EncoderLayers = 2 },
            seed: 5,
            encoder: new("facebook/wav2vec2-base", "abc-1", "all", 49.95, 6, 2)
        );
        var (a, b) = (folder.PathOf("a.onnx"), folder.PathOf("b.onnx"));
        OnnxExporter.ExportFeatureModel(a, modelBuilder.Model, modelBuilder.Tensors);
        OnnxExporter.ExportFeatureModel(b, modelBuilder.Model, modelBuilder.Tensors);
        Assert.Equal(File.ReadAllBytes(a), File.ReadAllBytes(b));
        using var session = OnnxSession.Load(a, 1);
        Assert.Equal(modelBuilder.Model.Labels, JsonSerializer.Deserialize<string[]>(session.Metadata["labels"]));
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
        var modelBuilder = RandomModelBuilder.Create(network, seed: 2);
        var (file, coded) = (
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: false),
            OnnxExporter.BuildFeatureModel(modelBuilder.Model, modelBuilder.Tensors, quantizeInt8: true)
        );
        Assert.InRange((double)coded.Length / file.Length, 0.2, 0.3);
        var clip = RandomModelBuilder.Frames(network, 100, 4);
        using var exactSession = new OnnxSession(file, 1);
        using var quantized = new OnnxSession(coded, 1);
        float[] Run(OnnxSession session) => session.Run(("lengths", [100]), ("frames", clip.Values, [1, 100, 80]));
        Assert.InRange(Run(exactSession).Zip(Run(quantized), (a, b) => Math.Abs(a - b)).Max(), 1e-6, 0.05);
        Assert.Equal("int8", quantized.Metadata["weights"]);
    }

    [Fact]
    public void The_int8_error_is_reported_for_a_short_fixed_length()
    {
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(6, 3), seed: 5, padding: 30);
        Assert.InRange(
            Int8ModelError.ComputeMaxProbabilityDifference(
                modelBuilder.Model with
                {
                    IsFixedLength = true,
                },
                modelBuilder.Tensors
            ),
            1e-7f,
            0.1f
        );
    }
}
