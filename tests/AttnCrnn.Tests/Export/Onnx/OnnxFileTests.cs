using System.Text.Json;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>What an ONNX file of a feature model holds.</summary>
public sealed class OnnxFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_file_names_labels_encoder_and_program_deterministically()
    {
        var made = RandomModelBuilder.Create(
            new NetworkOptions(6, 3) { EncoderLayers = 2 },
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
        var made = RandomModelBuilder.Create(network, seed: 2);
        var (whole, coded) = (
            OnnxExporter.BuildFeatureModel(made.Model, made.Tensors, quantizeInt8: false),
            OnnxExporter.BuildFeatureModel(made.Model, made.Tensors, quantizeInt8: true)
        );
        Assert.InRange((double)coded.Length / whole.Length, 0.2, 0.3);
        var clip = RandomModelBuilder.Frames(network, 100, 4);
        using var exact = new OnnxSession(whole, 1);
        using var quantized = new OnnxSession(coded, 1);
        float[] Run(OnnxSession session) => session.Run(("lengths", [100]), ("frames", clip.Values, [1, 100, 80]));
        Assert.InRange(Run(exact).Zip(Run(quantized), (a, b) => Math.Abs(a - b)).Max(), 1e-6, 0.05);
        Assert.Equal("int8", quantized.Metadata["weights"]);
    }

    [Fact]
    public void The_int8_error_is_reported_for_a_short_fixed_length()
    {
        var made = RandomModelBuilder.Create(new NetworkOptions(6, 3), seed: 5, padding: 30);
        Assert.InRange(
            Int8ModelError.ComputeMaxProbabilityDifference(made.Model with { IsFixedLength = true }, made.Tensors),
            1e-7f,
            0.1f
        );
    }
}
