namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>Checkpoint shapes that differ from the published ones, for each family.</summary>
internal static class FamilyShapes
{
    /// <summary>All shapes by a description that begins with the family.</summary>
    public static IReadOnlyDictionary<string, ICheckpointShape> All { get; } =
        new Dictionary<string, ICheckpointShape>
        {
            ["wav2vec2: 6 heads, prefix"] = new Wav2Vec2Shape
            {
                Prefix = "wav2vec2.",
                Heads = 6,
                PositionTaps = 9,
            },
            ["wav2vec2: pre-norm, 3 heads of 5, no normalization"] = new Wav2Vec2Shape
            {
                Width = 15,
                Heads = 3,
                PositionGroups = 5,
                HasLayerNorms = true,
                HasConvolutionBias = true,
                IsStable = true,
                IsNormalized = false,
            },
            ["unispeech: one head, odd position taps, no normalization"] = new Wav2Vec2Shape
            {
                ModelType = "unispeech",
                Heads = 1,
                PositionTaps = 7,
                PositionGroups = 1,
                IsNormalized = false,
            },
            ["unispeech: pre-norm, 5 heads, prefix"] = new Wav2Vec2Shape
            {
                ModelType = "unispeech",
                Prefix = "unispeech.",
                Width = 15,
                Heads = 5,
                Layers = 3,
                PositionGroups = 3,
                HasLayerNorms = true,
                HasConvolutionBias = true,
                IsStable = true,
            },
            ["unispeech-sat: 3 heads, convolution bias, epsilon"] = new Wav2Vec2Shape
            {
                ModelType = "unispeech-sat",
                Width = 18,
                Heads = 3,
                FeedForward = 7,
                Channels = [6, 7, 8, 9, 10, 11, 12],
                HasConvolutionBias = true,
                PositionTaps = 31,
                PositionGroups = 6,
                NormEpsilon = 1e-3,
            },
            ["unispeech-sat: pre-norm, other strides, prefix"] = new Wav2Vec2Shape
            {
                ModelType = "unispeech-sat",
                Prefix = "unispeech_sat.",
                Channels = [8, 8, 8, 8, 8],
                Kernels = [10, 3, 4, 3, 2],
                Strides = [5, 2, 4, 4, 2],
                Layers = 1,
                PositionTaps = 2,
                HasLayerNorms = true,
                IsStable = true,
            },
            ["data2vec-audio: one even position convolution"] = new Data2VecAudioShape
            {
                PositionLayers = 1,
                PositionTaps = 8,
            },
            ["data2vec-audio: 3 heads, 7 odd position convolutions, prefix"] = new Data2VecAudioShape
            {
                Prefix = "data2vec_audio.",
                Width = 18,
                Heads = 3,
                PositionLayers = 7,
                PositionTaps = 5,
                PositionGroups = 9,
            },
            ["data2vec-audio: convolution bias, other strides"] = new Data2VecAudioShape
            {
                Channels = [5, 9, 7, 6],
                Kernels = [11, 4, 3, 2],
                Strides = [5, 4, 4, 4],
                HasConvolutionBias = true,
                Layers = 3,
                PositionLayers = 3,
                PositionTaps = 3,
                PositionGroups = 1,
                IsNormalized = false,
            },
            ["data2vec-audio: 7 heads of 2, epsilon, swish"] = new Data2VecAudioShape
            {
                Width = 14,
                Heads = 7,
                FeedForward = 31,
                Layers = 1,
                PositionTaps = 20,
                PositionGroups = 2,
                Activation = "swish",
                NormEpsilon = 1e-3,
            },
            ["sew: squeeze 3, even position taps"] = new SewShape { SqueezeFactor = 3 },
            ["sew: squeeze 3, odd position taps, no projection"] = new SewShape
            {
                SqueezeFactor = 3,
                Channels = [8, 8, 12],
                Kernels = [10, 8, 8],
                Strides = [5, 8, 8],
                PositionTaps = 9,
            },
            ["sew: squeeze 2, no projection, 3 heads, prefix"] = new SewShape
            {
                Prefix = "sew.",
                Width = 18,
                Heads = 3,
                Channels = [6, 8, 10, 12, 14, 16, 18],
                PositionTaps = 31,
                PositionGroups = 6,
            },
            ["sew: squeeze 2, layer norms, convolution bias"] = new SewShape
            {
                HasLayerNorms = true,
                HasConvolutionBias = true,
                Layers = 3,
                PositionTaps = 2,
                PositionGroups = 1,
                NormEpsilon = 1e-3,
                IsNormalized = false,
            },
            ["wav2vec2-conformer: relative, one head, one tap"] = new ConformerShape
            {
                Heads = 1,
                Layers = 1,
                DepthwiseTaps = 1,
            },
            ["wav2vec2-conformer: relative, 3 heads, group norm, prefix"] = new ConformerShape
            {
                Prefix = "wav2vec2_conformer.",
                Width = 18,
                Heads = 3,
                Layers = 3,
                HasLayerNorms = false,
                HasConvolutionBias = false,
                DepthwiseTaps = 31,
            },
            ["wav2vec2-conformer: relative, odd head size, gelu, epsilon"] = new ConformerShape
            {
                Width = 14,
                Heads = 2,
                FeedForward = 9,
                Activation = "gelu",
                NormEpsilon = 1e-3,
                IsNormalized = false,
            },
            ["wav2vec2-conformer: rotary, 3 heads"] = new ConformerShape
            {
                Width = 18,
                Heads = 3,
                IsRotary = true,
                DepthwiseTaps = 5,
            },
            ["wav2vec2-conformer: rotary, base 100, heads of 2, prefix"] = new ConformerShape
            {
                Prefix = "wav2vec2_conformer.",
                Heads = 6,
                Layers = 1,
                IsRotary = true,
                RotaryBase = 100,
                DepthwiseTaps = 3,
            },
            ["wav2vec2-bert: one head, one tap"] = new Wav2Vec2BertShape
            {
                Heads = 1,
                Layers = 1,
                DepthwiseTaps = 1,
            },
            ["wav2vec2-bert: 3 heads, no positions to the right"] = new Wav2Vec2BertShape
            {
                Width = 18,
                Heads = 3,
                Layers = 3,
                DepthwiseTaps = 5,
                LeftPositions = 2,
                RightPositions = 0,
            },
            ["wav2vec2-bert: more positions than frames, prefix"] = new Wav2Vec2BertShape
            {
                Prefix = "wav2vec2_bert.",
                FeedForward = 9,
                DepthwiseTaps = 31,
                LeftPositions = 64,
                RightPositions = 30,
                NormEpsilon = 1e-3,
            },
            ["wav2vec2-bert: odd head size, 40 bands, padding of 0"] = new Wav2Vec2BertShape
            {
                Width = 15,
                Heads = 3,
                Layers = 1,
                Bands = 40,
                PaddingValue = 0,
                LeftPositions = 0,
                RightPositions = 4,
            },
            ["emotion2vec: 2 heads, even position taps"] = new Emotion2VecShape { PositionWidth = 100 },
            ["emotion2vec: 6 heads, no prefix, a scale per layer"] = new Emotion2VecShape
            {
                Prefix = "",
                Width = 18,
                Heads = 6,
                PrenetLayers = 2,
                Layers = 2,
                MlpRatio = 1.5,
                ExtraTokens = 3,
                PositionGroups = 9,
                HasScalePerLayer = true,
            },
            ["emotion2vec: one head, one extra token, group norm"] = new Emotion2VecShape
            {
                Heads = 1,
                Layers = 2,
                MlpRatio = 4,
                ExtraTokens = 1,
                HasLayerNorms = false,
                PositionLayers = 2,
                PositionWidth = 5,
                NormEpsilon = 1e-6,
            },
            ["emotion2vec: 3 heads, other convolutions, no normalization"] = new Emotion2VecShape
            {
                Width = 9,
                Heads = 3,
                PrenetLayers = 3,
                Specification = "[(6, 10, 5), (7, 3, 2)] + [(8, 4, 4)] * 2 + [(10,2,2)]",
                PositionLayers = 1,
                PositionWidth = 9,
                PositionGroups = 3,
                IsNormalized = false,
            },
        };
}
