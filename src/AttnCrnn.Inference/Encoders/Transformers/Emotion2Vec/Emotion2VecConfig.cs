using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Emotion2Vec;

/// <summary>The network settings of a checkpoint's config.yaml, under FunASR's names.</summary>
internal sealed record Emotion2VecConfig
{
    /// <summary>What precedes the tensors of the audio encoder.</summary>
    public const string AudioPath = "modality_encoders.AUDIO";

    /// <summary>The setting of <see cref="RemovedPrefixes"/>.</summary>
    public const string ScopeMap = "scope_map";

    /// <summary>Added to the variance of the samples: that of torch's layer_norm.</summary>
    public const double NormalizationEpsilon = 1e-5;

    private const int MaxLayers = 1000;
    private const int MaxWidth = 1 << 16;
    private const int MaxExtraTokens = 1 << 12;
    private const int MinPositionTaps = 3;

    /// <summary>Prefixes of the tensors' names that are removed when the weights are loaded.</summary>
    public required IReadOnlyList<string> RemovedPrefixes { get; init; }

    /// <summary>Whether recordings are normalized to mean 0 and standard deviation 1.</summary>
    public required bool Normalizes { get; init; }

    public required WaveformConvolutions Convolutions { get; init; }

    public required FeatureProjection Projection { get; init; }

    public required PositionConvolutions Positions { get; init; }

    public required int Width { get; init; }

    public required int Heads { get; init; }

    public required int FeedForwardWidth { get; init; }

    public required float Epsilon { get; init; }

    /// <summary>Tokens before the frames, which attention sees and the output omits.</summary>
    public required int ExtraTokens { get; init; }

    /// <summary>Blocks of the audio encoder, which come first.</summary>
    public required int ContextBlocks { get; init; }

    /// <summary>Blocks of the network after them.</summary>
    public required int Blocks { get; init; }

    /// <summary>Whether each block scales the distances by itself.</summary>
    public required bool HasScalePerBlock { get; init; }

    /// <summary>Whether each head scales the distances by itself.</summary>
    public required bool HasScalePerHead { get; init; }

    /// <summary>All blocks.</summary>
    public int Layers => ContextBlocks + Blocks;

    /// <summary>Reads a config.yaml.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static Emotion2VecConfig Read(JsonCursor yaml)
    {
        var model = yaml.GetObject("model_conf");
        var audio = model.GetObject("modalities").GetObject("audio");
        RefuseUnsupported(model, audio);
        var width = model.GetInt32("embed_dim", 1, MaxWidth);
        var heads = model.GetInt32("num_heads", 1, MaxWidth);
        var epsilon = NormEpsilon.Read(model, "norm_eps");
        if (width % heads != 0)
            throw model.Error($"embed_dim {width} and num_heads {heads}", "heads that divide the width");
        if (audio.GetInt32("num_alibi_heads", 1, MaxWidth, heads) != heads)
            throw audio.Error("num_alibi_heads that differs from num_heads", $"{heads}", "use another checkpoint");
        var convolutions = ReadConvolutions(audio);
        return new()
        {
            RemovedPrefixes = ReadRemovedPrefixes(yaml),
            Normalizes = WaveformPreprocessing.ReadNormalizes(model, "normalize"),
            Convolutions = convolutions,
            Projection = new(convolutions.Channels, width, 1e-5f)
            {
                NormPath = $"{AudioPath}.project_features.1",

                LinearPath = $"{AudioPath}.project_features.2",
            },
            Positions = ReadPositions(audio, width),
            Width = width,
            Heads = heads,
            FeedForwardWidth = ReadFeedForwardWidth(model, width),
            Epsilon = epsilon,
            ExtraTokens = audio.GetInt32("num_extra_tokens", 0, MaxExtraTokens, 0),
            ContextBlocks = audio.GetInt32("prenet_depth", 0, MaxLayers),
            Blocks = model.GetInt32("depth", 1, MaxLayers),
            HasScalePerBlock = audio.GetBoolean("learned_alibi_scale_per_layer", false),
            HasScalePerHead = audio.GetBoolean("learned_alibi_scale_per_head", false),
        };
    }

    private static WaveformConvolutions ReadConvolutions(JsonCursor audio)
    {
        var mode = audio.GetString("extractor_mode", "layer_norm");
        if (mode is not ("layer_norm" or "default"))
            throw audio.Error($"extractor_mode '{mode}'", "layer_norm or default", "use another checkpoint");
        var hasLayerNorm = mode == "layer_norm";
        const string specification = "feature_encoder_spec";
        var items = WaveformConvolutions.RequireShortFrames(
            audio,
            specification,
            ConvolutionSpecification.Parse(audio.Get(specification))
        );
        return new(items, false, hasLayerNorm, "gelu")
        {
            ConvolutionPath = i => $"{AudioPath}.local_encoder.conv_layers.{i}.0",

            NormPath = i => $"{AudioPath}.local_encoder.conv_layers.{i}.2{(hasLayerNorm ? ".1" : "")}",
        };
    }

    private static PositionConvolutions ReadPositions(JsonCursor audio, int width)
    {
        var depth = audio.GetInt32("conv_pos_depth", 1, MaxLayers, 1);
        var groups = audio.GetInt32("conv_pos_groups", 1, MaxWidth, 16);
        if (width % groups != 0)
            throw audio.Error($"conv_pos_groups {groups}", $"groups that divide the width of {width}");
        var taps = Math.Max(MinPositionTaps, audio.GetInt32("conv_pos_width", 1, MaxWidth, 95) / depth);
        return new(width, depth, taps, groups, "gelu");
    }

    private static int ReadFeedForwardWidth(JsonCursor model, int width)
    {
        var ratio = model.GetSingle("mlp_ratio", 4);
        var product = (double)width * ratio;
        return product is >= 1 and <= MaxWidth
            ? (int)product
            : throw model.Error($"mlp_ratio {ratio}", $"a feed-forward width from 1 to {MaxWidth}");
    }

    // Prefixes of tensors and what replaces them when the weights are loaded, in pairs; only removal is known.
    private static IReadOnlyList<string> ReadRemovedPrefixes(JsonCursor yaml)
    {
        if (yaml.Find(ScopeMap) is not { IsNull: false } scopes)
            return [];
        if (scopes.Count % 2 != 0)
            throw scopes.Unexpected("an even number of prefixes");
        foreach (var replacement in scopes.Items.Where((_, i) => i % 2 == 1))
            if (replacement.AsString()?.Equals("none", StringComparison.OrdinalIgnoreCase) != true)
                throw replacement.Unexpected("none: a prefix that is removed");
        return [.. scopes.Items.Where((_, i) => i % 2 == 0).Select(prefix => prefix.RequireString())];
    }

    private static void RefuseUnsupported(JsonCursor model, JsonCursor audio)
    {
        static void Refuse(JsonCursor section, string key, bool value, bool defaultValue)
        {
            if (section.GetBoolean(key, defaultValue) == value)
                throw section.Get(key).Unexpected(value ? "false" : "true");
        }

        Refuse(model, "layer_norm_first", value: true, defaultValue: false);
        Refuse(model, "norm_affine", value: false, defaultValue: true);
        Refuse(audio, "conv_pos_pre_ln", value: true, defaultValue: false);
        Refuse(audio, "learned_alibi", value: true, defaultValue: false);
        Refuse(audio, "use_alibi_encoder", value: false, defaultValue: true);
        if (audio.GetString("type", "AUDIO") is not "AUDIO")
            throw audio.Get("type").Unexpected("AUDIO");
        foreach (var (section, key) in new[] { (audio, "alibi_max_pos"), (model, "project_dim") })
            if (section.Find(key) is { IsNull: false } value)
                throw value.Unexpected("null");
    }
}
