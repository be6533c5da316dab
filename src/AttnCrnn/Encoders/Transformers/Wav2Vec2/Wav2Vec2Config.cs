using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>The networks that differ in more than figures.</summary>
internal enum SpeechFamily
{
    /// <summary>Baevski et al. 2020.</summary>
    Wav2Vec2,

    /// <summary>Hsu et al. 2021.</summary>
    Hubert,

    /// <summary>Chen et al. 2022: attention with a gated bias by relative position.</summary>
    WavLm,
}

/// <summary>One convolution over the samples.</summary>
/// <param name="Channels">Filters.</param>
internal sealed record SpeechConvolution(int Channels, int Kernel, int Stride);

/// <summary>What a checkpoint's config.json says of its network, under transformers' names.</summary>
internal sealed record Wav2Vec2Config
{
    private const int MaxLayers = 1000,
        MaxWidth = 1 << 16;

    public required SpeechFamily Family { get; init; }

    /// <summary>Over the samples, each without padding.</summary>
    public required IReadOnlyList<SpeechConvolution> Convolutions { get; init; }

    public required bool ConvolutionBias { get; init; }

    /// <summary>
    /// Whether every convolution is followed by a layer norm (<c>layer</c>), or the first alone by a group norm of one
    /// channel a group (<c>group</c>).
    /// </summary>
    public required bool LayerNormed { get; init; }

    public required string ConvolutionActivation { get; init; }

    /// <summary>HuBERT's may be without.</summary>
    public required bool ProjectionNormed { get; init; }

    public required int Hidden { get; init; }

    public required int Layers { get; init; }

    public required int Heads { get; init; }

    public required int Intermediate { get; init; }

    public required string Activation { get; init; }

    public required float Epsilon { get; init; }

    public required int PositionKernel { get; init; }

    public required int PositionGroups { get; init; }

    /// <summary>Norms stand before attention and feed-forward (the large models), not after.</summary>
    public required bool StableLayerNorm { get; init; }

    /// <summary>WavLM's.</summary>
    public required int Buckets { get; init; }

    /// <summary>WavLM's.</summary>
    public required int MaxBucketDistance { get; init; }

    /// <summary>
    /// Whether the checkpoint is of a model fine-tuned to recognise words: its last layers know letters and little of
    /// voices.
    /// </summary>
    public required bool Recognises { get; init; }

    /// <summary>Samples from one frame to the next.</summary>
    public int Hop => Convolutions.Aggregate(1, (hop, speechConvolution) => hop * speechConvolution.Stride);

    /// <summary>Samples that one frame sees.</summary>
    public int Field =>
        Convolutions
            .Reverse()
            .Aggregate(1, (seen, speechConvolution) =>
                ((seen - 1) * speechConvolution.Stride) + speechConvolution.Kernel
            );

    /// <summary>Frames of so many samples.</summary>
    public int Frames(int samples) =>
        Convolutions.Aggregate(samples, (length, speechConvolution) =>
            length < speechConvolution.Kernel ? 0 : ((length - speechConvolution.Kernel) / speechConvolution.Stride) + 1
        );

    /// <summary>Reads a config.json.</summary>
    /// <exception cref="InvalidFileException">It asks for what this program does not know; the message names
    /// it.</exception>
    public static Wav2Vec2Config Read(JsonFileReader json)
    {
        var family = json.GetString("model_type") switch
        {
            "wav2vec2" => SpeechFamily.Wav2Vec2,
            "hubert" => SpeechFamily.Hubert,
            _ => SpeechFamily.WavLm,
        };
        if (json.GetBoolean("add_adapter", false))
            throw json.Error(
                "add_adapter",
                "a network without an adapter",
                "this program does not know adapters: name the checkpoint it was made from"
            );
        if (json.Contains("adapter_attn_dim"))
            throw json.Error(
                "adapter_attn_dim",
                "a network without adapters",
                "this program does not know adapters: name the checkpoint it was made from"
            );
        if (json.GetBoolean("conv_pos_batch_norm", false))
            throw json.Error(
                "conv_pos_batch_norm",
                "a weight-normalised position convolution",
                "name another checkpoint"
            );
        var (channels, kernels, strides) = (
            json.GetInt32s("conv_dim", MaxWidth),
            json.GetInt32s("conv_kernel", MaxWidth),
            json.GetInt32s("conv_stride", MaxWidth)
        );
        if (channels.Count != kernels.Count || channels.Count != strides.Count || channels.Count == 0)
            throw json.Error(
                $"{channels.Count} conv_dim, {kernels.Count} conv_kernel and {strides.Count} conv_stride",
                "as many of each, at least one",
                "fetch the file again"
            );
        var norm = json.GetString("feat_extract_norm", "group");
        if (norm is not ("group" or "layer"))
            throw json.Error($"feat_extract_norm '{norm}'", "group or layer", "name another checkpoint");
        var config = new Wav2Vec2Config
        {
            Family = family,
            Convolutions = [.. channels.Select((value, i) => new SpeechConvolution(value, kernels[i], strides[i]))],
            ConvolutionBias = json.GetBoolean("conv_bias", false),
            LayerNormed = norm == "layer",
            ConvolutionActivation = SpeechActivation.Read(json, "feat_extract_activation"),
            ProjectionNormed = family != SpeechFamily.Hubert || json.GetBoolean("feat_proj_layer_norm", true),
            Hidden = json.GetInt32("hidden_size", 1, MaxWidth, 768),
            Layers = json.GetInt32("num_hidden_layers", 1, MaxLayers, 12),
            Heads = json.GetInt32("num_attention_heads", 1, MaxWidth, 12),
            Intermediate = json.GetInt32("intermediate_size", 1, MaxWidth, 3072),
            Activation = SpeechActivation.Read(json, "hidden_act"),
            Epsilon = json.GetSingle("layer_norm_eps", 1e-5f),
            PositionKernel = json.GetInt32("num_conv_pos_embeddings", 1, MaxWidth, 128),
            PositionGroups = json.GetInt32("num_conv_pos_embedding_groups", 1, MaxWidth, 16),
            StableLayerNorm = json.GetBoolean("do_stable_layer_norm", false),
            Buckets = json.GetInt32("num_buckets", 4, MaxWidth, 320),
            MaxBucketDistance = json.GetInt32("max_bucket_distance", 2, MaxWidth, 800),
            Recognises = json.GetStrings("architectures")
                .Any(name => name.EndsWith("ForCTC", StringComparison.Ordinal)),
        };
        if (config.Hidden % config.Heads != 0)
            throw json.Error(
                $"hidden_size {config.Hidden} and num_attention_heads {config.Heads}",
                "heads that divide the width",
                "fetch the file again"
            );
        if (config.Hidden % config.PositionGroups != 0)
            throw json.Error(
                $"hidden_size {config.Hidden} and num_conv_pos_embedding_groups {config.PositionGroups}",
                "groups that divide the width",
                "fetch the file again"
            );
        return config;
    }
}
