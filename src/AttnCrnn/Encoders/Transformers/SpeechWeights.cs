using System.Globalization;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// The tensors of a speech encoder within a checkpoint, which may hold other things beside it, as a graph's weights.
/// What is missing or misshapen is gathered, so that one message lists all of it.
/// </summary>
internal sealed class SpeechWeights
{
    private const int MaxListed = 12;

    private readonly CheckpointFiles files;
    private readonly GraphBuilder graph;
    private readonly WeightsLocation where;
    private readonly string prefix;
    private readonly List<string> problems = [];

    /// <param name="landmark">A tensor that every checkpoint of the family has, by its name without a prefix.</param>
    /// <exception cref="InvalidInputException">The checkpoint holds no speech encoder.</exception>
    public SpeechWeights(CheckpointFiles files, GraphBuilder graph, WeightsLocation where, string landmark)
    {
        (this.files, this.graph, this.where) = (files, graph, where);
        var place = files
            .Tensors.Keys.Where(name => name == landmark || name.EndsWith("." + landmark, StringComparison.Ordinal))
            .OrderBy(name => name.Length)
            .FirstOrDefault()
            ?? throw new InvalidInputException(
                $"{files.Path}: no tensor {landmark}, so its config.json and its weights are not of one speech "
                    + "encoder; fetch both again, or name another checkpoint"
            );
        prefix = place[..^landmark.Length];
    }

    /// <summary>Bytes of the weights that were asked for, as a graph of its own holds them.</summary>
    public long Bytes { get; private set; }

    /// <summary>The folder that stored tensors lie in; null where none is stored.</summary>
    public string? Folder { get; private set; }

    /// <summary>A tensor as it lies in its file.</summary>
    public GraphValue Tensor(string name, params int[] shape) => Tensor(name, shape, shape);

    /// <summary>The same elements under another shape.</summary>
    public GraphValue Tensor(string name, int[] shape, int[] seen)
    {
        if (Find(name, shape) is not { } tensor)
            return new GraphValue(name);
        if (Mappable(tensor) is { } type)
        {
            Bytes += tensor.Bytes;
            return graph.Stored(name, type, Path.GetFileName(tensor.File), tensor.Offset, tensor.Bytes, seen);
        }
        if (tensor is not { Type: "F16", IsContiguous: true })
            return graph.Constant(name, Values(name, shape), seen);
        // Half the size, and the same values: they become float32 where they are used.
        Bytes += tensor.Bytes;
        return graph.Halves(name, files.ReadBytes(tensor.Name), seen);
    }

    /// <summary>A tensor's elements, for what is computed of them before the graph is made.</summary>
    /// <exception cref="InvalidInputException">It is missing or has another shape; the message lists what was found so far.</exception>
    public float[] Values(string name, params int[] shape)
    {
        // Before anything is allocated: the shape is the configuration's word, and only a tensor that has it bounds it.
        if (Find(name, shape) is not { } tensor)
            throw Incomplete();
        var values = new float[tensor.Count];
        files.Read(tensor.Name, values);
        Bytes += sizeof(float) * (long)values.Length;
        return values;
    }

    /// <summary>
    /// A convolution's kernel whose size and direction were learned apart (Salimans and Kingma 2016), folded: g v /
    /// |v|, a tap at a time.
    /// </summary>
    /// <param name="shape">[filters, channels, taps].</param>
    public float[] WeightNormed(string name, params int[] shape)
    {
        if (Contains($"{name}.weight"))
            return Values($"{name}.weight", shape);
        var (size, direction) = Contains($"{name}.weight_g")
            ? ($"{name}.weight_g", $"{name}.weight_v")
            : ($"{name}.parametrizations.weight.original0", $"{name}.parametrizations.weight.original1");
        var (g, v, taps) = (Values(size, 1, 1, shape[2]), Values(direction, shape), shape[2]);
        var squares = new double[taps];
        for (var i = 0; i < v.Length; i++)
            squares[i % taps] += (double)v[i] * v[i];
        for (var i = 0; i < v.Length; i++)
            v[i] = (float)(v[i] * (g[i % taps] / Math.Sqrt(squares[i % taps])));
        return v;
    }

    /// <exception cref="InvalidInputException">Tensors are missing or have another shape than the configuration says; the
    /// message lists them.</exception>
    public void ThrowIfIncomplete()
    {
        if (problems.Count > 0)
            throw Incomplete();
    }

    private InvalidInputException Incomplete()
    {
        var rest = problems.Count > MaxListed ? $", and {problems.Count - MaxListed} more" : "";
        return new InvalidInputException(
            $"{files.Path}: the checkpoint does not fit its config.json: "
                + $"{string.Join(", ", problems.Take(MaxListed))}{rest}; fetch it again, or name another"
        );
    }

    private bool Contains(string name) => files.Tensors.ContainsKey(prefix + name);

    private CheckpointTensor? Find(string name, int[] shape)
    {
        var wanted = $"[{string.Join(", ", shape)}]";
        if (!files.Tensors.TryGetValue(prefix + name, out var tensor))
            problems.Add($"no {prefix + name} {wanted}");
        else if (!tensor.Shape.SequenceEqual(shape.Select(size => (long)size)))
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{tensor.Name} [{string.Join(", ", tensor.Shape)}], expected {wanted}"
                )
            );
        else
            return tensor;
        return null;
    }

    // The runtime takes mapped weights from one folder, where elements begin on multiples of their size.
    private ElementType? Mappable(CheckpointTensor tensor)
    {
        if (where == WeightsLocation.InTheGraph || files.AreChecked)
            return null; // what a runtime maps, nobody checks
        ElementType? type = tensor.Type switch
        {
            "F32" => ElementType.Float32,
            "F16" => ElementType.Float16,
            "BF16" => ElementType.BFloat16,
            _ => null,
        };
        var folder = Path.GetDirectoryName(tensor.File)!;
        if (type is null || !tensor.IsContiguous || tensor.Offset % 4 != 0 || (Folder ?? folder) != folder)
            return null;
        Folder = folder;
        return type;
    }
}

/// <summary>Where a graph's weights are.</summary>
internal enum WeightsLocation
{
    /// <summary>In the checkpoint, mapped from there where a runtime can, without copies.</summary>
    InTheirFiles,

    /// <summary>
    /// Copied, as float32, or float16 where the checkpoint has that: the graph is to go where the checkpoint is not.
    /// </summary>
    InTheGraph,
}
