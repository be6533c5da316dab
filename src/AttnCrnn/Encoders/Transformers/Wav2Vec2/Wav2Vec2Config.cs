using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>Architectures of the wav2vec 2.0 family.</summary>
internal enum Wav2Vec2Variant
{
    /// <summary>Baevski et al. 2020.</summary>
    Wav2Vec2,

    /// <summary>Hsu et al. 2021.</summary>
    Hubert,

    /// <summary>Chen et al. 2022: attention with a gated relative position bias.</summary>
    WavLm,
}

/// <summary>One convolution over the samples.</summary>
/// <param name="Channels">Filters.</param>
internal sealed record SpeechConvolution(int Channels, int Kernel, int Stride);

/// <summary>The network settings of a checkpoint's config.json, under transformers' names.</summary>
internal sealed record Wav2Vec2Config
{
    private const int MaxLayers = 1000;
    private const int MaxWidth = 1 << 16;

    public required Wav2Vec2Variant Variant { get; init; }

    /// <summary>The convolutions over the samples, without padding.</summary>
    public required IReadOnlyList<SpeechConvolution> Convolutions { get; init; }

    public required bool ConvolutionBias { get; init; }

    /// <summary>
    /// Whether every convolution is followed by a layer norm (<c>layer</c>), or only the first by a group norm with one
    /// channel per group (<c>group</c>).
    /// </summary>
    public required bool HasConvolutionLayerNorm { get; init; }

    public required string ConvolutionActivation { get; init; }

    /// <summary>Whether the projection has a layer norm; optional in HuBERT.</summary>
    public required bool HasProjectionNorm { get; init; }

    public required int Width { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int FeedForwardWidth { get; init; }

    public required string Activation { get; init; }

    public required float Epsilon { get; init; }

    public required int PositionKernel { get; init; }

    public required int PositionGroups { get; init; }

    /// <summary>Whether norms precede attention and feed-forward (large models) instead of following them.</summary>
    public required bool StableLayerNorm { get; init; }

    /// <summary>Number of relative position buckets; WavLM only.</summary>
    public required int Buckets { get; init; }

    /// <summary>Distance in frames from which all distances have the last bucket; WavLM only.</summary>
    public required int MaxBucketDistance { get; init; }

    /// <summary>
    /// Whether the model was fine-tuned for speech recognition (CTC): its last layers encode letters rather than
    /// voices.
    /// </summary>
    public required bool IsSpeechRecognizer { get; init; }

    /// <summary>Samples from one frame to the next.</summary>
    public int Hop => Convolutions.Aggregate(1, (hop, convolution) => hop * convolution.Stride);

    /// <summary>Receptive field of one frame, in samples.</summary>
    public int ReceptiveField =>
        Convolutions
            .Reverse()
            .Aggregate(1, (samples, convolution) => ((samples - 1) * convolution.Stride) + convolution.Kernel);

    /// <summary>Number of frames for a number of samples.</summary>
    public int CountFrames(int samples) =>
        Convolutions.Aggregate(samples, (length, convolution) =>
            length < convolution.Kernel ? 0 : ((length - convolution.Kernel) / convolution.Stride) + 1
        );

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static Wav2Vec2Config Read(JsonCursor json)
    {
        var variant = json.GetString("model_type") switch
        {
            "wav2vec2" => Wav2Vec2Variant.Wav2Vec2,
            "hubert" => Wav2Vec2Variant.Hubert,
            _ => Wav2Vec2Variant.WavLm,
        };
        RejectUnsupported(json);
        var convolutions = ReadConvolutions(json);
        var norm = json.GetString("feat_extract_norm", "group");
        if (norm is not ("group" or "layer"))
            throw json.Error($"feat_extract_norm '{norm}'", "group or layer", "use another checkpoint");
        var config = new Wav2Vec2Config
        {
            Variant = variant,
            Convolutions = convolutions,
            ConvolutionBias = json.GetBoolean("conv_bias", false),
            HasConvolutionLayerNorm = norm == "layer",
            ConvolutionActivation = SpeechActivation.Read(json, "feat_extract_activation"),
            HasProjectionNorm = variant != Wav2Vec2Variant.Hubert || json.GetBoolean("feat_proj_layer_norm", true),
            Width = json.GetInt32("hidden_size", 1, MaxWidth, 768),
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 12),
            Heads = json.GetInt32("num_attention_heads", 1, MaxWidth, 12),
            FeedForwardWidth = json.GetInt32("intermediate_size", 1, MaxWidth, 3072),
            Activation = SpeechActivation.Read(json, "hidden_act"),
            Epsilon = json.GetSingle("layer_norm_eps", 1e-5f),
            PositionKernel = json.GetInt32("num_conv_pos_embeddings", 1, MaxWidth, 128),
            PositionGroups = json.GetInt32("num_conv_pos_embedding_groups", 1, MaxWidth, 16),
            StableLayerNorm = json.GetBoolean("do_stable_layer_norm", false),
            Buckets = json.GetInt32("num_buckets", 4, MaxWidth, 320),
            MaxBucketDistance = json.GetInt32("max_bucket_distance", 2, MaxWidth, 800),
            IsSpeechRecognizer =
                json.Find("architectures") is { IsArray: true } architectures
                && architectures.Items.Any(item =>
                    item.AsString() is { } name && name.EndsWith("ForCTC", StringComparison.Ordinal)
                ),
        };
        if (config.Width % config.Heads != 0)
            throw json.Error(
                $"hidden_size {config.Width} and num_attention_heads {config.Heads}",
                "heads that divide the width",
                "download the file again"
            );
        if (config.Width % config.PositionGroups != 0)
            throw json.Error(
                $"hidden_size {config.Width} and num_conv_pos_embedding_groups {config.PositionGroups}",
                "groups that divide the width",
                "download the file again"
            );
        return config;
    }

    private static void RejectUnsupported(JsonCursor json)
    {
        if (json.GetBoolean("add_adapter", false))
            throw json.Error(
                "add_adapter",
                "a network without an adapter",
                "adapters are not supported: use the base checkpoint"
            );
        if (json.Contains("adapter_attn_dim"))
            throw json.Error(
                "adapter_attn_dim",
                "a network without adapters",
                "adapters are not supported: use the base checkpoint"
            );
        if (json.GetBoolean("conv_pos_batch_norm", false))
            throw json.Error(
                "conv_pos_batch_norm",
                "a weight-normalized position convolution",
                "use another checkpoint"
            );
    }

    private static SpeechConvolution[] ReadConvolutions(JsonCursor json)
    {
        var channels = json.GetInt32s("conv_dim", 1, MaxWidth);
        var kernels = json.GetInt32s("conv_kernel", 1, MaxWidth);
        var strides = json.GetInt32s("conv_stride", 1, MaxWidth);
        if (channels.Count != kernels.Count || channels.Count != strides.Count || channels.Count == 0)
            throw json.Error(
                $"{channels.Count} conv_dim, {kernels.Count} conv_kernel and {strides.Count} conv_stride",
                "equally many of each, at least one",
                "download the file again"
            );
        return [.. channels.Select((value, i) => new SpeechConvolution(value, kernels[i], strides[i]))];
    }
}
