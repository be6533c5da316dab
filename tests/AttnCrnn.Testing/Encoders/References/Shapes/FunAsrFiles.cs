using System.Globalization;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>Writes emotion2vec checkpoints in the layout of FunASR.</summary>
internal static class FunAsrFiles
{
    /// <summary>Writes config.yaml, configuration.json and model.pt.</summary>
    public static void Write(CheckpointBuilder folder, Emotion2VecShape shape, IReadOnlyList<StoredTensor> tensors) =>
        folder
            .WithFile("config.yaml", Config(shape))
            .WithFile("configuration.json", """{"file_path_metas": {"init_param": "model.pt"}}""")
            .WithFile("model.pt", Weights(tensors));

    // The weights are nested in a dictionary; a null and an empty dictionary represent the rest.
    private static byte[] Weights(IReadOnlyList<StoredTensor> tensors)
    {
        var entries = tensors.Select((tensor, i) => (tensor.Name, CreateTensor(tensor, $"{i}")));
        var state = CreateDict(("args", [(byte)'N']), ("cfg", [(byte)'}']), ("model", CreateDict([.. entries])));
        return TorchBuilder.AlignedZip(
            TorchBuilder.Pickle(state),
            [.. tensors.Select((tensor, i) => ($"data/{i}", TorchBuilder.Floats(tensor.Values)))]
        );
    }

    private static byte[] CreateDict(params (string Name, byte[] Value)[] entries) =>
        [
            (byte)'}',
            (byte)'(',
            .. entries.SelectMany(entry => (byte[])[.. TorchBuilder.Text(entry.Name), .. entry.Value]),
            (byte)'u',
        ];

    private static byte[] CreateTensor(StoredTensor tensor, string key)
    {
        long[] shape = [.. tensor.Shape.Select(size => (long)size)];
        var strides = new long[shape.Length];
        var stride = 1L;
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return TorchBuilder.Tensor(TorchBuilder.Storage(key, tensor.Values.Length), 0, shape, strides);
    }

    private static string Config(Emotion2VecShape shape) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # network architecture
            model: Emotion2vec
            model_conf:
              loss_beta: 0.0
              loss_scale: null
              depth: {shape.Layers}
              num_heads: {shape.Heads}
              norm_eps: {shape.NormEpsilon:0e-00}
              norm_affine: true
              embed_dim: {shape.Width}
              mlp_ratio: {shape.MlpRatio:0.0##}
              layer_norm_first: false
              end_of_block_targets: false
              extractor_mode: layer_norm
              supported_modality: AUDIO
              normalize: {YesNo(shape.IsNormalized)}
              modalities:
                audio:
                  type: AUDIO
                  prenet_depth: {shape.PrenetLayers}
                  num_extra_tokens: {shape.ExtraTokens}
                  init_extra_token_zero: true
                  use_alibi_encoder: true
                  alibi_scale: 1.0
                  learned_alibi: false
                  alibi_max_pos: null
                  learned_alibi_scale: true
                  learned_alibi_scale_per_head: true
                  learned_alibi_scale_per_layer: {YesNo(shape.HasScalePerLayer)}
                  num_alibi_heads: {shape.Heads}
                  model_depth: {shape.Layers}
                  extractor_mode: {(shape.HasLayerNorms ? "layer_norm" : "default")}
                  feature_encoder_spec: '{shape.Specification}'
                  conv_pos_width: {shape.PositionWidth}
                  conv_pos_groups: {shape.PositionGroups}
                  conv_pos_depth: {shape.PositionLayers}
                  conv_pos_pre_ln: false
            scope_map:
            - '{shape.Prefix}'
            - none
            """
        );

    private static string YesNo(bool value) => value ? "true" : "false";
}
