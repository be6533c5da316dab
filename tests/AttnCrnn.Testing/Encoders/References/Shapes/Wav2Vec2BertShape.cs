using System.Text.Json.Nodes;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of a Wav2Vec2-BERT checkpoint.</summary>
internal sealed record Wav2Vec2BertShape : ICheckpointShape
{
    public Wav2Vec2BertShape() { }

    /// <summary>Reads a checkpoint's configuration.</summary>
    public Wav2Vec2BertShape(JsonNode config, JsonNode preprocessor)
    {
        Width = (int)config["hidden_size"]!;
        Heads = (int)config["num_attention_heads"]!;
        Layers = (int)config["num_hidden_layers"]!;
        FeedForward = (int)config["intermediate_size"]!;
        Activation = (string)config["hidden_act"]!;
        NormEpsilon = (double)config["layer_norm_eps"]!;
        DepthwiseTaps = (int)config["conv_depthwise_kernel_size"]!;
        LeftPositions = (int)config["left_max_position_embeddings"]!;
        RightPositions = (int)config["right_max_position_embeddings"]!;
        Bands = (int)preprocessor["num_mel_bins"]!;
        PaddingValue = (double)preprocessor["padding_value"]!;
    }

    /// <inheritdoc/>
    public string Prefix { get; init; } = "";

    /// <summary>hidden_size.</summary>
    public int Width { get; init; } = 12;

    /// <summary>num_attention_heads.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>num_hidden_layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>intermediate_size.</summary>
    public int FeedForward { get; init; } = 20;

    /// <summary>hidden_act.</summary>
    public string Activation { get; init; } = "swish";

    /// <summary>layer_norm_eps.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>conv_depthwise_kernel_size.</summary>
    public int DepthwiseTaps { get; init; } = 7;

    /// <summary>left_max_position_embeddings.</summary>
    public int LeftPositions { get; init; } = 5;

    /// <summary>right_max_position_embeddings.</summary>
    public int RightPositions { get; init; } = 3;

    /// <summary>num_mel_bins.</summary>
    public int Bands { get; init; } = 80;

    /// <summary>padding_value.</summary>
    public double PaddingValue { get; init; } = 1;

    /// <summary>In frames of 10 ms: of one frame, the features are undefined.</summary>
    public int MinFrames => 2;

    /// <summary>The number of samples that give this number of frames of 10 ms.</summary>
    public int CountSamples(int frames) => 400 + (160 * (frames - 1));

    /// <inheritdoc/>
    public IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [
            .. TensorShapes.Norm("feature_projection.layer_norm", 2 * Bands),
            .. TensorShapes.Linear("feature_projection.projection", 2 * Bands, Width),
            .. Enumerable.Range(0, Layers).SelectMany(i => LayerTensors($"encoder.layers.{i}")),
        ];

    /// <inheritdoc/>
    public IEnumerable<(string Name, int[] Shape)> UnusedTensors() => [($"{Prefix}masked_spec_embed", [Width])];

    /// <inheritdoc/>
    public ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform) =>
        new Wav2Vec2BertReference(this, tensors).Encode(waveform);

    /// <inheritdoc/>
    public void Write(CheckpointBuilder folder, IReadOnlyList<StoredTensor> tensors) =>
        HubFiles.Write(
            folder,
            Config(),
            new JsonObject
            {
                ["feature_extractor_type"] = "SeamlessM4TFeatureExtractor",
                ["feature_size"] = Bands,
                ["num_mel_bins"] = Bands,
                ["padding_side"] = "right",
                ["padding_value"] = PaddingValue,
                ["return_attention_mask"] = true,
                ["sampling_rate"] = 16000,
                ["stride"] = 2,
            },
            tensors
        );

    private JsonObject Config() =>
        new()
        {
            ["model_type"] = "wav2vec2-bert",
            ["dtype"] = "float32",
            ["hidden_size"] = Width,
            ["num_attention_heads"] = Heads,
            ["num_hidden_layers"] = Layers,
            ["intermediate_size"] = FeedForward,
            ["feature_projection_input_dim"] = 2 * Bands,
            ["hidden_act"] = Activation,
            ["layer_norm_eps"] = NormEpsilon,
            ["conv_depthwise_kernel_size"] = DepthwiseTaps,
            ["position_embeddings_type"] = "relative_key",
            ["left_max_position_embeddings"] = LeftPositions,
            ["right_max_position_embeddings"] = RightPositions,
            ["max_source_positions"] = 5000,
            ["rotary_embedding_base"] = 10_000,
            ["add_adapter"] = false,
            ["use_intermediate_ffn_before_adapter"] = false,
        };

    private IEnumerable<(string Name, int[] Shape)> LayerTensors(string path) =>
        [
            .. TensorShapes.ConformerLayer(path, Width, FeedForward, DepthwiseTaps),
            .. TensorShapes.Norm($"{path}.conv_module.depthwise_layer_norm", Width),
            ($"{path}.self_attn.distance_embedding.weight", [LeftPositions + 1 + RightPositions, Width / Heads]),
        ];
}
