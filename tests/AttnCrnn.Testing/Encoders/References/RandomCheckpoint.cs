using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Testing.Encoders.References.Shapes;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References;

/// <summary>A checkpoint of random weights in a temporary folder, laid out as the published ones.</summary>
internal sealed class RandomCheckpoint : IDisposable
{
    private readonly CheckpointBuilder folder = new();
    private readonly ICheckpointShape shape;
    private readonly Lazy<IReadOnlyDictionary<string, double[]>> tensorValues;

    public RandomCheckpoint(ICheckpointShape shape, int seed = 1)
    {
        this.shape = shape;
        var random = new Random(seed);
        (string Name, StoredTensor Tensor)[] tensors =
        [
            .. shape
                .Tensors()
                .Select(tensor =>
                    (
                        tensor.Name,
                        new StoredTensor(
                            shape.Prefix + tensor.Name,
                            tensor.Shape,
                            Draw(random, tensor.Name, tensor.Shape)
                        )
                    )
                ),
        ];
        tensorValues = new(() =>
            tensors.ToDictionary(
                tensor => tensor.Name,
                tensor => Array.ConvertAll(tensor.Tensor.Values, value => (double)value)
            )
        );
        var unused = shape
            .UnusedTensors()
            .Select(tensor => new StoredTensor(tensor.Name, tensor.Shape, CreateNaNs(tensor.Shape)));
        shape.Write(folder, [.. unused, .. tensors.Select(tensor => tensor.Tensor)]);
    }

    /// <summary>The encoder's weights as stored, by name without the prefix.</summary>
    public IReadOnlyDictionary<string, double[]> Tensors => tensorValues.Value;

    /// <summary>Its folder.</summary>
    public string Path => folder.Path;

    /// <summary>Opens the checkpoint as an encoder.</summary>
    public SpeechEncoder Open(string layers) => new(folder.Path, "x", null, new(layers));

    /// <summary>Encodes a clip with the float64 reference.</summary>
    public ReferenceStates Encode(float[] waveform) => shape.Encode(Tensors, waveform);

    public void Dispose() => folder.Dispose();

    // Scales at which attention is not uniform, norms differ from 1, and layer outputs are of similar size.
    private float[] Draw(Random random, string name, int[] sizes)
    {
        var fan = sizes.Skip(1).Aggregate(1, (product, size) => product * size);
        var (center, scale) = name.Split('.') switch
        {
            [.., "bias" or "running_mean"] => (0, 0.3),
            [.., "running_var"] => (1, 0.5),
            [.., "weight_g"] => (Math.Sqrt((double)shape.Width / fan), 0.5 * Math.Sqrt((double)shape.Width / fan)),
            [.., "pos_bias_u" or "pos_bias_v" or "extra_tokens"] => (0, 1),
            [.., "distance_embedding", "weight"] => (0, 1),
            [.., "alibi_scale"] => (0.6, 1), // some are negative, which count as 0
            [.., "q_proj" or "k_proj" or "linear_q" or "linear_k", "weight"] => (0, 3 / Math.Sqrt(fan)),
            [.., "qkv", "weight"] => (0, 2.5 / Math.Sqrt(fan)),
            [.., "weight"] when sizes.Length == 1 => (1, 0.4), // norms
            _ => (0, 1.7 / Math.Sqrt(fan)),
        };
        var values = new float[sizes.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(center + (scale * ((2 * random.NextDouble()) - 1)));
        return values;
    }

    private static float[] CreateNaNs(int[] sizes) =>
        [.. Enumerable.Repeat(float.NaN, sizes.Aggregate(1, (product, size) => product * size))];
}
