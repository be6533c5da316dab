namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>Names and shapes of the tensors of common layers.</summary>
internal static class TensorShapes
{
    /// <summary>A linear layer with a bias.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Linear(string path, int inputs, int outputs) =>
        [($"{path}.weight", [outputs, inputs]), ($"{path}.bias", [outputs])];

    /// <summary>A layer norm.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Norm(string path, int width) =>
        [($"{path}.weight", [width]), ($"{path}.bias", [width])];

    /// <summary>A feed-forward of two linear layers.</summary>
    public static IEnumerable<(string Name, int[] Shape)> FeedForward(string path, int width, int hidden) =>
        [.. Linear($"{path}.intermediate_dense", width, hidden), .. Linear($"{path}.output_dense", hidden, width)];

    /// <summary>A weight-normalized convolution with a bias.</summary>
    public static IEnumerable<(string Name, int[] Shape)> NormalizedConvolution(
        string path,
        int width,
        int taps,
        int groups
    ) =>
        [
            ($"{path}.weight_g", [1, 1, taps]),
            ($"{path}.weight_v", [width, width / groups, taps]),
            ($"{path}.bias", [width]),
        ];

    /// <summary>What the layers of a Conformer share, except the norm after the depthwise convolution.</summary>
    public static IEnumerable<(string Name, int[] Shape)> ConformerLayer(
        string path,
        int width,
        int hidden,
        int depthwiseTaps
    ) =>
        [
            .. Norm($"{path}.ffn1_layer_norm", width),
            .. FeedForward($"{path}.ffn1", width, hidden),
            .. Norm($"{path}.self_attn_layer_norm", width),
            .. Linear($"{path}.self_attn.linear_q", width, width),
            .. Linear($"{path}.self_attn.linear_k", width, width),
            .. Linear($"{path}.self_attn.linear_v", width, width),
            .. Linear($"{path}.self_attn.linear_out", width, width),
            .. Norm($"{path}.conv_module.layer_norm", width),
            ($"{path}.conv_module.pointwise_conv1.weight", [2 * width, width, 1]),
            ($"{path}.conv_module.depthwise_conv.weight", [width, 1, depthwiseTaps]),
            ($"{path}.conv_module.pointwise_conv2.weight", [width, width, 1]),
            .. Norm($"{path}.ffn2_layer_norm", width),
            .. FeedForward($"{path}.ffn2", width, hidden),
            .. Norm($"{path}.final_layer_norm", width),
        ];
}
