using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>The sizes of an emotion2vec checkpoint.</summary>
internal sealed partial record Emotion2VecShape : ICheckpointShape
{
    private const string Audio = "modality_encoders.AUDIO";

    /// <inheritdoc/>
    public string Prefix { get; init; } = "d2v_model.";

    /// <summary>embed_dim.</summary>
    public int Width { get; init; } = 12;

    /// <summary>num_heads, and num_alibi_heads.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>depth: the blocks after those of the prenet.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>prenet_depth.</summary>
    public int PrenetLayers { get; init; } = 1;

    /// <summary>mlp_ratio.</summary>
    public double MlpRatio { get; init; } = 2;

    /// <summary>norm_eps.</summary>
    public double NormEpsilon { get; init; } = 1e-5;

    /// <summary>feature_encoder_spec: an expression of lists of (channels, taps, stride).</summary>
    public string Specification { get; init; } = "[(8, 10, 5)] + [(8, 3, 2)] * 4 + [(8,2,2)] + [(8,2,2)]";

    /// <summary>Whether extractor_mode is "layer_norm", not "default".</summary>
    public bool HasLayerNorms { get; init; } = true;

    /// <summary>conv_pos_width.</summary>
    public int PositionWidth { get; init; } = 95;

    /// <summary>conv_pos_depth.</summary>
    public int PositionLayers { get; init; } = 5;

    /// <summary>conv_pos_groups.</summary>
    public int PositionGroups { get; init; } = 4;

    /// <summary>num_extra_tokens.</summary>
    public int ExtraTokens { get; init; } = 10;

    /// <summary>learned_alibi_scale_per_layer.</summary>
    public bool HasScalePerLayer { get; init; }

    /// <summary>normalize.</summary>
    public bool IsNormalized { get; init; } = true;

    /// <inheritdoc/>
    public int MinFrames => 1;

    /// <summary>Taps of each convolution that encodes positions.</summary>
    public int PositionTaps => Math.Max(3, PositionWidth / PositionLayers);

    /// <summary>The convolutions over the samples.</summary>
    public IReadOnlyList<(int Channels, int Taps, int Stride)> Convolutions =>
        [
            .. Lists()
                .Matches(Specification)
                .SelectMany(list =>
                    Enumerable.Repeat(
                        Triples()
                            .Matches(list.Groups[1].Value)
                            .Select(triple => (Read(triple, 1), Read(triple, 2), Read(triple, 3))),
                        list.Groups[2].Success ? Read(list, 2) : 1
                    )
                )
                .SelectMany(layers => layers),
        ];

    /// <inheritdoc/>
    public int CountSamples(int frames) =>
        Convolutions.Reverse().Aggregate(frames, (count, layer) => ((count - 1) * layer.Stride) + layer.Taps);

    /// <inheritdoc/>
    public IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [
            ($"{Audio}.extra_tokens", [1, ExtraTokens, Width]),
            ($"{Audio}.alibi_scale", [HasScalePerLayer ? PrenetLayers + Layers : 1, 1, Heads, 1, 1]),
            .. Convolutions.SelectMany((_, i) => ConvolutionTensors(i)),
            .. TensorShapes.Norm($"{Audio}.project_features.1", Convolutions[^1].Channels),
            .. TensorShapes.Linear($"{Audio}.project_features.2", Convolutions[^1].Channels, Width),
            .. Enumerable.Range(1, PositionLayers).SelectMany(PositionTensors),
            .. TensorShapes.Norm($"{Audio}.context_encoder.norm", Width),
            .. Enumerable.Range(0, PrenetLayers).SelectMany(i => BlockTensors($"{Audio}.context_encoder.blocks.{i}")),
            .. Enumerable.Range(0, Layers).SelectMany(i => BlockTensors($"blocks.{i}")),
        ];

    /// <inheritdoc/>
    public IEnumerable<(string Name, int[] Shape)> UnusedTensors() =>
        TensorShapes.Linear($"{Prefix}{Audio}.decoder.proj", 4, Width);

    /// <inheritdoc/>
    public ReferenceStates Encode(IReadOnlyDictionary<string, double[]> tensors, float[] waveform) =>
        new Emotion2VecReference(this, tensors).Encode(waveform);

    /// <inheritdoc/>
    public void Write(CheckpointBuilder folder, IReadOnlyList<StoredTensor> tensors) =>
        FunAsrFiles.Write(folder, this, tensors);

    private IEnumerable<(string Name, int[] Shape)> ConvolutionTensors(int i)
    {
        var path = $"{Audio}.local_encoder.conv_layers.{i}";
        var (channels, taps, _) = Convolutions[i];
        yield return ($"{path}.0.weight", [channels, i == 0 ? 1 : Convolutions[i - 1].Channels, taps]);
        if (!HasLayerNorms && i > 0)
            yield break;
        foreach (var tensor in TensorShapes.Norm(HasLayerNorms ? $"{path}.2.1" : $"{path}.2", channels))
            yield return tensor;
    }

    private IEnumerable<(string Name, int[] Shape)> PositionTensors(int i) =>
        [
            ($"{Audio}.relative_positional_encoder.{i}.0.weight", [Width, Width / PositionGroups, PositionTaps]),
            ($"{Audio}.relative_positional_encoder.{i}.0.bias", [Width]),
        ];

    private IEnumerable<(string Name, int[] Shape)> BlockTensors(string path) =>
        [
            .. TensorShapes.Norm($"{path}.norm1", Width),
            .. TensorShapes.Linear($"{path}.attn.qkv", Width, 3 * Width),
            .. TensorShapes.Linear($"{path}.attn.proj", Width, Width),
            .. TensorShapes.Norm($"{path}.norm2", Width),
            .. TensorShapes.Linear($"{path}.mlp.fc1", Width, (int)(Width * MlpRatio)),
            .. TensorShapes.Linear($"{path}.mlp.fc2", (int)(Width * MlpRatio), Width),
        ];

    private static int Read(Match match, int group) =>
        int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[(.*?)\](?:\s*\*\s*(\d+))?")]
    private static partial Regex Lists();

    [GeneratedRegex(@"\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*\)")]
    private static partial Regex Triples();
}
