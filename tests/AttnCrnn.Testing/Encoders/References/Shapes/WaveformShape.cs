using System.Text.Json.Nodes;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of wav2vec 2.0 and its descendants: convolutions over samples, then layers.</summary>
internal abstract record WaveformShape : ICheckpointShape
{
    protected WaveformShape() { }

    protected WaveformShape(JsonNode config, JsonNode preprocessor)
    {
        ModelType = (string)config["model_type"]!;
        Channels = ReadList(config["conv_dim"]!);
        Kernels = ReadList(config["conv_kernel"]!);
        Strides = ReadList(config["conv_stride"]!);
        HasConvolutionBias = (bool)config["conv_bias"]!;
        HasLayerNorms = (string?)config["feat_extract_norm"] != "group";
        Width = (int)config["hidden_size"]!;
        Heads = (int)config["num_attention_heads"]!;
        Layers = (int)config["num_hidden_layers"]!;
        FeedForward = (int)config["intermediate_size"]!;
        Activation = (string)config["hidden_act"]!;
        ConvolutionActivation = (string)config["feat_extract_activation"]!;
        NormEpsilon = (double)config["layer_norm_eps"]!;
        PositionTaps = (int)config["num_conv_pos_embeddings"]!;
        PositionGroups = (int)config["num_conv_pos_embedding_groups"]!;
        IsNormalized = (bool)preprocessor["do_normalize"]!;
    }

    /// <summary>model_type.</summary>
    public string ModelType { get; init; } = "wav2vec2";

    /// <inheritdoc/>
    public string Prefix { get; init; } = "";

    /// <summary>conv_dim.</summary>
    public IReadOnlyList<int> Channels { get; init; } = [8, 8, 8, 8, 8, 8, 8];

    /// <summary>conv_kernel.</summary>
    public IReadOnlyList<int> Kernels { get; init; } = [10, 3, 3, 3, 3, 2, 2];

    /// <summary>conv_stride.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [5, 2, 2, 2, 2, 2, 2];

    /// <summary>conv_bias.</summary>
    public bool HasConvolutionBias { get; init; }

    /// <summary>Whether feat_extract_norm is "layer": a norm after each convolution, not only the first.</summary>
    public bool HasLayerNorms { get; init; }

    /// <summary>hidden_size.</summary>
    public int Width { get; init; } = 12;

    /// <summary>num_attention_heads.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>num_hidden_layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>intermediate_size.</summary>
    public int FeedForward { get; init; } = 20;

    /// <summary>hidden_act.</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary>feat_extract_activation.</summary>
    public string ConvolutionActivation { get; init; } = "gelu";

    /// <summary>layer_norm_eps.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>num_conv_pos_embeddings: taps of the convolution that encodes positions.</summary>
    public int PositionTaps { get; init; } = 16;

    /// <summary>num_conv_pos_embedding_groups.</summary>
    public int PositionGroups { get; init; } = 4;

    /// <summary>do_normalize.</summary>
    public bool IsNormalized { get; init; } = true;

    /// <inheritdoc/>
    public virtual int MinFrames => 1;

    /// <inheritdoc/>
    public int CountSamples(int frames)
    {
        for (var i = Strides.Count - 1; i >= 0; i--)
            frames = ((frames - 1) * Strides[i]) + Kernels[i];
        return frames;
    }

    /// <inheritdoc/>
    public abstract IEnumerable<(string Name, int[] Shape)> Tensors();

    /// <inheritdoc/>
    public virtual IEnumerable<(string Name, int[] Shape)> UnusedTensors() =>
        [($"{Prefix}masked_spec_embed", [Width]), .. Prefix.Length > 0 ? TensorShapes.Linear("lm_head", Width, 5) : []];

    /// <inheritdoc/>
    public abstract ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform);

    /// <inheritdoc/>
    public void Write(CheckpointBuilder folder, IReadOnlyList<StoredTensor> tensors) =>
        HubFiles.Write(
            folder,
            Config(),
            new JsonObject
            {
                ["do_normalize"] = IsNormalized,
                ["feature_extractor_type"] = "Wav2Vec2FeatureExtractor",
                ["feature_size"] = 1,
                ["padding_side"] = "right",
                ["padding_value"] = 0.0,
                ["return_attention_mask"] = true,
                ["sampling_rate"] = 16000,
            },
            tensors
        );

    /// <summary>The content of config.json.</summary>
    protected virtual JsonObject Config() =>
        new()
        {
            ["model_type"] = ModelType,
            ["dtype"] = "float32",
            ["conv_dim"] = CreateList(Channels),
            ["conv_kernel"] = CreateList(Kernels),
            ["conv_stride"] = CreateList(Strides),
            ["conv_bias"] = HasConvolutionBias,
            ["num_feat_extract_layers"] = Strides.Count,
            ["feat_extract_norm"] = HasLayerNorms ? "layer" : "group",
            ["feat_extract_activation"] = ConvolutionActivation,
            ["hidden_size"] = Width,
            ["num_attention_heads"] = Heads,
            ["num_hidden_layers"] = Layers,
            ["intermediate_size"] = FeedForward,
            ["hidden_act"] = Activation,
            ["layer_norm_eps"] = NormEpsilon,
            ["num_conv_pos_embeddings"] = PositionTaps,
            ["num_conv_pos_embedding_groups"] = PositionGroups,
            ["vocab_size"] = 5,
        };

    /// <summary>The convolutions over the samples.</summary>
    protected IEnumerable<(string Name, int[] Shape)> ConvolutionTensors()
    {
        for (var i = 0; i < Channels.Count; i++)
        {
            var path = $"feature_extractor.conv_layers.{i}";
            yield return ($"{path}.conv.weight", [Channels[i], i == 0 ? 1 : Channels[i - 1], Kernels[i]]);
            if (HasConvolutionBias)
                yield return ($"{path}.conv.bias", [Channels[i]]);
            if (!HasLayerNorms && i > 0)
                continue;
            foreach (var tensor in TensorShapes.Norm($"{path}.layer_norm", Channels[i]))
                yield return tensor;
        }
    }

    /// <summary>The norm and the projection of the features.</summary>
    protected IEnumerable<(string Name, int[] Shape)> ProjectionTensors() =>
        [
            .. TensorShapes.Norm("feature_projection.layer_norm", Channels[^1]),
            .. TensorShapes.Linear("feature_projection.projection", Channels[^1], Width),
        ];

    /// <summary>The weight-normalized convolution that encodes positions.</summary>
    protected IEnumerable<(string Name, int[] Shape)> PositionTensors() =>
        TensorShapes.NormalizedConvolution("encoder.pos_conv_embed.conv", Width, PositionTaps, PositionGroups);

    /// <summary>The transformer layers and the encoder's norm.</summary>
    protected IEnumerable<(string Name, int[] Shape)> TransformerTensors() =>
        [
            .. TensorShapes.Norm("encoder.layer_norm", Width),
            .. Enumerable.Range(0, Layers).SelectMany(i => LayerTensors($"encoder.layers.{i}")),
        ];

    private IEnumerable<(string Name, int[] Shape)> LayerTensors(string path) =>
        [
            .. TensorShapes.Linear($"{path}.attention.q_proj", Width, Width),
            .. TensorShapes.Linear($"{path}.attention.k_proj", Width, Width),
            .. TensorShapes.Linear($"{path}.attention.v_proj", Width, Width),
            .. TensorShapes.Linear($"{path}.attention.out_proj", Width, Width),
            .. TensorShapes.Norm($"{path}.layer_norm", Width),
            .. TensorShapes.FeedForward($"{path}.feed_forward", Width, FeedForward),
            .. TensorShapes.Norm($"{path}.final_layer_norm", Width),
        ];

    private static int[] ReadList(JsonNode list) => [.. list.AsArray().Select(value => (int)value!)];

    private static JsonArray CreateList(IReadOnlyList<int> values) => [.. values.Select(value => (JsonNode)value)];
}
