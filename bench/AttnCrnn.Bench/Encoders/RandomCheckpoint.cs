using System.Runtime.InteropServices;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// A base-size wav2vec 2.0 checkpoint in Hugging Face layout with seeded random weights: the computation of a real
/// one, without a download.
/// </summary>
internal static class RandomCheckpoint
{
    public const int Hidden = 768;
    public const int Layers = 12;
    public const int Intermediate = 3072;
    public const int Channels = 512;
    public const int PositionKernel = 128;
    public const int PositionGroups = 16;

    public static readonly int[] Kernels = [10, 3, 3, 3, 3, 2, 2];
    public static readonly int[] Strides = [5, 2, 2, 2, 2, 2, 2];

    private const float StandardDeviation = 0.02f;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var channels = string.Join(", ", Kernels.Select(_ => Channels));
        var kernels = string.Join(", ", Kernels);
        var strides = string.Join(", ", Strides);
        AtomicFile.WriteText(
            Path.Combine(folder, "config.json"),
            $$"""
            {"model_type": "wav2vec2", "architectures": ["Wav2Vec2Model"],
             "hidden_size": {{Hidden}}, "num_hidden_layers": {{Layers}},
             "num_attention_heads": 12, "intermediate_size": {{Intermediate}},
             "conv_dim": [{{channels}}], "conv_kernel": [{{kernels}}], "conv_stride": [{{strides}}],
             "conv_bias": false, "feat_extract_norm": "group", "feat_extract_activation": "gelu",
             "hidden_act": "gelu", "layer_norm_eps": 1e-05, "do_stable_layer_norm": false,
             "num_conv_pos_embeddings": {{PositionKernel}}, "num_conv_pos_embedding_groups": {{PositionGroups}}}
            """
        );
        AtomicFile.WriteText(
            Path.Combine(folder, "preprocessor_config.json"),
            """
            {"feature_extractor_type": "Wav2Vec2FeatureExtractor", "do_normalize": true,
             "sampling_rate": 16000, "feature_size": 1}
            """
        );
        var tensors = ListTensors()
            .Select(
                (tensor, i) =>
                    (
                        tensor.Name,
                        "F32",
                        (IReadOnlyList<long>)[.. tensor.Shape],
                        4L * CountElements(tensor.Shape),
                        (Action<Stream>)(
                            stream => WriteValues(stream, tensor.Name, CountElements(tensor.Shape), (uint)i)
                        )
                    )
            )
            .ToList();
        AtomicFile.Write(Path.Combine(folder, "model.safetensors"), stream =>
            SafetensorsWriter.Write(stream, new Dictionary<string, string> { ["format"] = "pt" }, tensors)
        );
    }

    private static IEnumerable<(string Name, long[] Shape)> ListTensors()
    {
        for (var i = 0; i < Kernels.Length; i++)
            yield return (
                $"feature_extractor.conv_layers.{i}.conv.weight",
                [Channels, i == 0 ? 1 : Channels, Kernels[i]]
            );
        foreach (
            var tensor in Norm("feature_extractor.conv_layers.0.layer_norm", Channels)
                .Concat(Norm("feature_projection.layer_norm", Channels))
        )
            yield return tensor;
        foreach (var tensor in Linear("feature_projection.projection", Channels, Hidden))
            yield return tensor;
        yield return ("encoder.pos_conv_embed.conv.parametrizations.weight.original0", [1, 1, PositionKernel]);
        yield return (
            "encoder.pos_conv_embed.conv.parametrizations.weight.original1",
            [Hidden, Hidden / PositionGroups, PositionKernel]
        );
        yield return ("encoder.pos_conv_embed.conv.bias", [Hidden]);
        foreach (var tensor in Norm("encoder.layer_norm", Hidden))
            yield return tensor;
        for (var layer = 0; layer < Layers; layer++)
        {
            var path = $"encoder.layers.{layer}";
            foreach (var name in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            foreach (var tensor in Linear($"{path}.attention.{name}", Hidden, Hidden))
                yield return tensor;
            foreach (
                var tensor in Linear($"{path}.feed_forward.intermediate_dense", Hidden, Intermediate)
                    .Concat(Linear($"{path}.feed_forward.output_dense", Intermediate, Hidden))
            )
                yield return tensor;
            foreach (var tensor in Norm($"{path}.layer_norm", Hidden).Concat(Norm($"{path}.final_layer_norm", Hidden)))
                yield return tensor;
        }
    }

    private static IEnumerable<(string, long[])> Linear(string path, long inputs, long outputs) =>
        [($"{path}.weight", [outputs, inputs]), ($"{path}.bias", [outputs])];

    private static IEnumerable<(string, long[])> Norm(string path, long width) =>
        [($"{path}.weight", [width]), ($"{path}.bias", [width])];

    private static long CountElements(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

    private static void WriteValues(Stream stream, string name, long count, uint index)
    {
        var values = new float[count];
        if (
            name.EndsWith("norm.weight", StringComparison.Ordinal)
            || name.EndsWith("original0", StringComparison.Ordinal)
        )
            values.AsSpan().Fill(1);
        else
        {
            new RandomStream(1).ForStream(RandomStreamId.Demo, index).FillNormal(values);
            // The fan-in of convolutions differs by orders of magnitude; scale the weights to preserve the variance.
            var scale = name.StartsWith("feature_extractor", StringComparison.Ordinal)
                ? MathF.Sqrt(2f * Channels / count)
                : StandardDeviation;
            for (var i = 0; i < values.Length; i++)
                values[i] *= scale;
        }
        stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
