using System.Runtime.InteropServices;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench;

/// <summary>A wav2vec 2.0 of the base size with seeded noise for weights, laid out as the hub lays out a checkpoint: as much work as a real one, and nothing to fetch.</summary>
internal static class RandomCheckpoint
{
    public const int Hidden = 768,
        Layers = 12,
        Intermediate = 3072,
        Channels = 512,
        PositionKernel = 128,
        PositionGroups = 16;

    public static readonly int[] Kernels = [10, 3, 3, 3, 3, 2, 2],
        Strides = [5, 2, 2, 2, 2, 2, 2];

    private const float Deviation = 0.02f;

    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        AtomicFile.WriteText(
            Path.Combine(folder, "config.json"),
            $$"""
            {"model_type": "wav2vec2", "architectures": ["Wav2Vec2Model"], "hidden_size": {{Hidden}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": 12, "intermediate_size": {{Intermediate}},
             "conv_dim": [{{string.Join(", ", Kernels.Select(_ => Channels))}}], "conv_kernel": [{{string.Join(
                ", ",
                Kernels
            )}}], "conv_stride": [{{string.Join(", ", Strides)}}], "conv_bias": false,
             "feat_extract_norm": "group", "feat_extract_activation": "gelu", "hidden_act": "gelu", "layer_norm_eps": 1e-05, "do_stable_layer_norm": false,
             "num_conv_pos_embeddings": {{PositionKernel}}, "num_conv_pos_embedding_groups": {{PositionGroups}}}
            """
        );
        AtomicFile.WriteText(
            Path.Combine(folder, "preprocessor_config.json"),
            """{"feature_extractor_type": "Wav2Vec2FeatureExtractor", "do_normalize": true, "sampling_rate": 16000, "feature_size": 1}"""
        );
        var all = Tensors()
            .Select(
                (valueTuple, i) =>
                    (
                        valueTuple.Name,
                        "F32",
                        (IReadOnlyList<long>)[.. valueTuple.Shape],
                        4L * Count(valueTuple.Shape),
                        (Action<Stream>)(
                            stream => WriteValues(stream, valueTuple.Name, Count(valueTuple.Shape), (uint)i)
                        )
                    )
            )
            .ToList();
        AtomicFile.Write(Path.Combine(folder, "model.safetensors"), stream =>
            SafetensorsWriter.Write(stream, new Dictionary<string, string> { ["format"] = "pt" }, all)
        );
    }

    private static IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        for (var i = 0; i < Kernels.Length; i++)
            yield return (
                $"feature_extractor.conv_layers.{i}.conv.weight",
                [Channels, i == 0 ? 1 : Channels, Kernels[i]]
            );
        foreach (
            var one in Norm("feature_extractor.conv_layers.0.layer_norm", Channels)
                .Concat(Norm("feature_projection.layer_norm", Channels))
        )
            yield return one;
        foreach (var one in Linear("feature_projection.projection", Channels, Hidden))
            yield return one;
        yield return ("encoder.pos_conv_embed.conv.parametrizations.weight.original0", [1, 1, PositionKernel]);
        yield return (
            "encoder.pos_conv_embed.conv.parametrizations.weight.original1",
            [Hidden, Hidden / PositionGroups, PositionKernel]
        );
        yield return ("encoder.pos_conv_embed.conv.bias", [Hidden]);
        foreach (var one in Norm("encoder.layer_norm", Hidden))
            yield return one;
        for (var layer = 0; layer < Layers; layer++)
        {
            var path = $"encoder.layers.{layer}";
            foreach (var name in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            foreach (var one in Linear($"{path}.attention.{name}", Hidden, Hidden))
                yield return one;
            foreach (
                var one in Linear($"{path}.feed_forward.intermediate_dense", Hidden, Intermediate)
                    .Concat(Linear($"{path}.feed_forward.output_dense", Intermediate, Hidden))
            )
                yield return one;
            foreach (var one in Norm($"{path}.layer_norm", Hidden).Concat(Norm($"{path}.final_layer_norm", Hidden)))
                yield return one;
        }
    }

    private static IEnumerable<(string, long[])> Linear(string path, long from, long to) =>
        [($"{path}.weight", [to, from]), ($"{path}.bias", [to])];

    private static IEnumerable<(string, long[])> Norm(string path, long width) =>
        [($"{path}.weight", [width]), ($"{path}.bias", [width])];

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);

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
            // The first convolutions see few numbers, the later ones thousands: each keeps the size of what it is given.
            var scale = name.StartsWith("feature_extractor", StringComparison.Ordinal)
                ? MathF.Sqrt(2f * Channels / count)
                : Deviation;
            for (var i = 0; i < values.Length; i++)
                values[i] *= scale;
        }
        stream.Write(MemoryMarshal.AsBytes(values.AsSpan()));
    }
}
