namespace AttnCrnn.Testing.Models;

/// <summary>The sizes of a tiny Whisper checkpoint, and how its tensors are stored.</summary>
internal sealed record WhisperShape
{
    /// <summary>d_model.</summary>
    public int Width { get; init; } = 8;

    public int Heads { get; init; } = 2;

    public int Layers { get; init; } = 2;

    /// <summary>encoder_ffn_dim.</summary>
    public int FeedForward { get; init; } = 12;

    /// <summary>num_mel_bins.</summary>
    public int Bands { get; init; } = 80;

    /// <summary>max_source_positions: 50 per second of the window, in whole seconds.</summary>
    public int Positions { get; init; } = 100;

    /// <summary>activation_function.</summary>
    public string Activation { get; init; } = "gelu";

    /// <summary>Whether the tensors are stored as float16, not float32.</summary>
    public bool IsHalf { get; init; }

    /// <summary>Prefix of the encoder's tensor names.</summary>
    public string Prefix { get; init; } = "model.encoder.";

    public int WindowSamples => 320 * Positions;

    /// <summary>The encoder's tensors, by name without the prefix.</summary>
    public IEnumerable<(string Name, int[] Shape)> Tensors() =>
        [
            ("conv1.weight", [Width, Bands, 3]),
            ("conv1.bias", [Width]),
            ("conv2.weight", [Width, Width, 3]),
            ("conv2.bias", [Width]),
            ("embed_positions.weight", [Positions, Width]),
            .. Enumerable.Range(0, Layers).SelectMany(layer => Layer($"layers.{layer}")),
            .. Norm("layer_norm"),
        ];

    private IEnumerable<(string Name, int[] Shape)> Layer(string path) =>
        [
            .. Norm($"{path}.self_attn_layer_norm"),
            .. Linear($"{path}.self_attn.q_proj", Width, Width),
            ($"{path}.self_attn.k_proj.weight", [Width, Width]), // the one without a bias
            .. Linear($"{path}.self_attn.v_proj", Width, Width),
            .. Linear($"{path}.self_attn.out_proj", Width, Width),
            .. Norm($"{path}.final_layer_norm"),
            .. Linear($"{path}.fc1", Width, FeedForward),
            .. Linear($"{path}.fc2", FeedForward, Width),
        ];

    private static IEnumerable<(string Name, int[] Shape)> Linear(string path, int inputSize, int outputSize) =>
        [($"{path}.weight", [outputSize, inputSize]), ($"{path}.bias", [outputSize])];

    private IEnumerable<(string Name, int[] Shape)> Norm(string path) =>
        [($"{path}.weight", [Width]), ($"{path}.bias", [Width])];
}
