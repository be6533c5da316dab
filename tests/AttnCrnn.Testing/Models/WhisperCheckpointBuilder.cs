using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Formats.Safetensors;

namespace AttnCrnn.Testing.Models;

/// <summary>
/// A Whisper checkpoint of random weights in a temporary folder, laid out as on the hub, with a decoder beside the
/// encoder.
/// </summary>
internal sealed class WhisperCheckpointBuilder : IDisposable
{
    private static readonly string[] Decoder =
    [
        "embed_positions.weight",
        "embed_tokens.weight",
        "layer_norm.weight",
        "layers.0.fc1.weight",
        "layers.0.self_attn.k_proj.weight",
    ];

    private readonly TempFolder folder = new();

    /// <param name="omittedTensor">An encoder tensor to omit, by its name without the prefix.</param>
    public WhisperCheckpointBuilder(WhisperShape shape, int seed = 1, string? omittedTensor = null)
    {
        Shape = shape;
        var random = new Random(seed);
        Tensors = shape
            .Tensors()
            .ToDictionary(tensor => tensor.Name, tensor => Draw(random, tensor.Name, tensor.Shape));
        WriteTensors(omittedTensor);
        Write("config.json", Config());
        Write("preprocessor_config.json", Preprocessor());
    }

    public WhisperShape Shape { get; }

    public string Folder => folder.Path;

    /// <summary>The encoder's weights as stored, by name without the prefix.</summary>
    public IReadOnlyDictionary<string, double[]> Tensors { get; }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public SpeechEncoder Open(string layers = "all", EncoderContext? context = null) =>
        new(Folder, "tiny", null, new(layers) { Context = context });

    /// <summary>Sets fields of one of its JSON files.</summary>
    /// <param name="fields">A JSON object.</param>
    public WhisperCheckpointBuilder WithFields(string file, string fields)
    {
        var json = JsonNode.Parse(File.ReadAllText(PathOf(file)))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(fields)!.AsObject())
            json[name] = value?.DeepClone();
        Write(file, json);
        return this;
    }

    /// <summary>Writes checksums.json for the folder's files.</summary>
    /// <param name="except">Tensors that get a wrong hash.</param>
    public WhisperCheckpointBuilder WithChecksums(Func<string, bool> except)
    {
        string[] fileNames = ["config.json", "preprocessor_config.json"];
        using var files = CheckpointFiles.Open(Folder);
        Write(
            "checksums.json",
            new JsonObject
            {
                ["revision"] = "0123456789ab",
                ["files"] = new JsonObject(
                    fileNames.Select(name => KeyValuePair.Create(name, Hash(File.ReadAllBytes(PathOf(name)))))
                ),
                ["tensors"] = new JsonObject(
                    files.Tensors.Keys.Select(name =>
                        KeyValuePair.Create(name, Hash(except(name) ? [] : files.ReadBytes(name)))
                    )
                ),
            }
        );
        return this;

        static JsonNode? Hash(byte[] bytes) => Convert.ToHexStringLower(XxHash128.Hash(bytes));
    }

    public void Dispose() => folder.Dispose();

    public void Write(string file, JsonNode json) => File.WriteAllText(PathOf(file), json.ToJsonString());

    /// <summary>The content of preprocessor_config.json, as on the hub.</summary>
    public JsonObject Preprocessor() =>
        new()
        {
            ["chunk_length"] = Shape.Positions / 50,
            ["dither"] = 0.0,
            ["feature_extractor_type"] = "WhisperFeatureExtractor",
            ["feature_size"] = Shape.Bands,
            ["hop_length"] = 160,
            ["n_fft"] = 400,
            ["n_samples"] = Shape.WindowSamples,
            ["nb_max_frames"] = 2 * Shape.Positions,
            ["padding_value"] = 0.0,
            ["sampling_rate"] = 16000,
        };

    private JsonObject Config() =>
        new()
        {
            ["model_type"] = "whisper",
            ["d_model"] = Shape.Width,
            ["encoder_attention_heads"] = Shape.Heads,
            ["encoder_layers"] = Shape.Layers,
            ["encoder_ffn_dim"] = Shape.FeedForward,
            ["num_mel_bins"] = Shape.Bands,
            ["max_source_positions"] = Shape.Positions,
            ["activation_function"] = Shape.Activation,
            ["decoder_layers"] = 1,
            ["vocab_size"] = 7,
        };

    private void WriteTensors(string? omittedTensor)
    {
        // The decoder's tensors share the prefix of the encoder's.
        var decoder = Shape.Prefix.Replace("encoder.", "decoder.", StringComparison.Ordinal);
        if (decoder.Length == 0)
            decoder = "decoder.";
        var unused = Enumerable.Repeat(double.NaN, 15).ToArray();
        using var stream = File.Create(PathOf("model.safetensors"));
        SafetensorsWriter.Write(
            stream,
            new Dictionary<string, string> { ["format"] = "pt" },
            [
                .. Decoder.Select(name => Entry(decoder + name, [5, 3], unused)),
                .. Shape
                    .Tensors()
                    .Where(tensor => tensor.Name != omittedTensor)
                    .Select(tensor => Entry(Shape.Prefix + tensor.Name, tensor.Shape, Tensors[tensor.Name])),
            ]
        );
    }

    private (string, string, IReadOnlyList<long>, long, Action<Stream>) Entry(string name, int[] shape, double[] values)
    {
        var bytes = Shape.IsHalf
            ? MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray()
            : MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value)).ToArray();
        long[] sizes = [.. shape.Select(size => (long)size)];
        return (name, Shape.IsHalf ? "F16" : "F32", sizes, bytes.Length, stream => stream.Write(bytes));
    }

    // Scales at which attention is not uniform, norms differ from 1, and layer outputs are of similar size.
    private double[] Draw(Random random, string name, int[] shape)
    {
        var fan = shape.Skip(1).Aggregate(1, (product, size) => product * size);
        var (center, scale) = name.Split('.') switch
        {
            [.., "bias"] or ["embed_positions", _] => (0, 0.3),
            [.., "q_proj" or "k_proj", "weight"] => (0, 3 / Math.Sqrt(fan)),
            [.., "layer_norm" or "self_attn_layer_norm" or "final_layer_norm", "weight"] => (1, 0.4),
            _ => (0, 1.7 / Math.Sqrt(fan)),
        };
        var values = new double[shape.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            var value = center + (scale * ((2 * random.NextDouble()) - 1));
            values[i] = Shape.IsHalf ? (double)(Half)value : (float)value;
        }
        return values;
    }
}
