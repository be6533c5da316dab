using System.Globalization;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// Adds the tensors of a speech encoder to a graph as weights; the checkpoint may hold other tensors. Missing tensors
/// and wrong shapes are collected, so that one message lists all of them.
/// </summary>
internal sealed class SpeechWeights
{
    private const int MaxListed = 12;

    private readonly CheckpointFiles files;
    private readonly GraphBuilder graph;
    private readonly WeightsLocation location;
    private readonly string configFile;
    private readonly string prefix;
    private readonly List<string> problems = [];

    /// <param name="requiredTensor">A tensor that every checkpoint of the family has, without prefix.</param>
    /// <param name="configFile">The name of the configuration, for messages.</param>
    /// <exception cref="InvalidInputException">The checkpoint holds no speech encoder.</exception>
    public SpeechWeights(
        CheckpointFiles files,
        GraphBuilder graph,
        WeightsLocation location,
        string requiredTensor,
        string configFile
    )
    {
        this.configFile = configFile;
        this.files = files;
        this.graph = graph;
        this.location = location;
        var fullName = files
            .Tensors.Keys.Where(name =>
                name == requiredTensor || name.EndsWith("." + requiredTensor, StringComparison.Ordinal)
            )
            .OrderBy(name => name.Length)
            .FirstOrDefault()
            ?? throw new InvalidInputException(
                files.Path,
                $"no tensor {requiredTensor}, so its {configFile} does not match its weights; "
                    + "download both again, or use another checkpoint"
            );
        prefix = fullName[..^requiredTensor.Length];
    }

    /// <summary>Size in bytes of the weights read so far, as a self-contained graph holds them.</summary>
    public long Bytes { get; private set; }

    /// <summary>The folder of memory-mapped tensors; null if there are none.</summary>
    public string? Folder { get; private set; }

    /// <summary>A tensor with its shape in the file.</summary>
    public GraphValue AddTensor(string name, params int[] shape) => AddTensor(name, shape, shape);

    /// <summary>A tensor, reshaped.</summary>
    public GraphValue AddTensor(string name, int[] shape, int[] graphShape)
    {
        if (Find(name, shape) is not { } tensor)
            return new GraphValue(name);
        if (FindMappableType(tensor) is { } type)
        {
            Bytes += tensor.Bytes;
            return graph.ExternalConstant(
                name,
                type,
                Path.GetFileName(tensor.File),
                tensor.Offset,
                tensor.Bytes,
                graphShape
            );
        }
        if (tensor is not { Type: "F16", IsContiguous: true })
            return graph.Constant(name, ReadValues(name, shape), graphShape);
        // Half the size at no loss: the graph converts them to float32.
        Bytes += tensor.Bytes;
        return graph.Float16s(name, files.ReadBytes(tensor.Name), graphShape);
    }

    /// <summary>Number of dimensions of a tensor; 0 if it is missing.</summary>
    public int CountDimensions(string name) =>
        files.Tensors.TryGetValue(prefix + name, out var tensor) ? tensor.Shape.Count : 0;

    /// <summary>Reads a tensor's elements, for values computed before the graph is built.</summary>
    /// <exception cref="InvalidInputException">The tensor is missing or has another shape; the message lists all
    /// problems so far.</exception>
    public float[] ReadValues(string name, params int[] shape)
    {
        // Check before allocating: the shape comes from the configuration, and only a matching tensor bounds it.
        if (Find(name, shape) is not { } tensor)
            throw CreateError();
        var values = new float[tensor.Count];
        files.Read(tensor.Name, values);
        Bytes += sizeof(float) * (long)values.Length;
        return values;
    }

    /// <summary>The kernel of a weight-normalized convolution (Salimans and Kingma 2016): g v / |v| per tap.</summary>
    /// <param name="shape">[filters, channels, taps].</param>
    public float[] ReadWeightNormalized(string name, params int[] shape)
    {
        if (Contains($"{name}.weight"))
            return ReadValues($"{name}.weight", shape);
        var (size, direction) = Contains($"{name}.weight_g")
            ? ($"{name}.weight_g", $"{name}.weight_v")
            : ($"{name}.parametrizations.weight.original0", $"{name}.parametrizations.weight.original1");
        var g = ReadValues(size, 1, 1, shape[2]);
        var v = ReadValues(direction, shape);
        var taps = shape[2];
        var squares = new double[taps];
        for (var i = 0; i < v.Length; i++)
            squares[i % taps] += (double)v[i] * v[i];
        for (var i = 0; i < v.Length; i++)
            v[i] = (float)(v[i] * (g[i % taps] / Math.Sqrt(squares[i % taps])));
        return v;
    }

    /// <summary>Requires that the prefix is one that the reference removes when it loads the weights.</summary>
    /// <param name="setting">The setting that lists the prefixes.</param>
    /// <exception cref="InvalidInputException">It is another one.</exception>
    public void RequirePrefix(IReadOnlyList<string> prefixes, string setting)
    {
        if (prefix.Length > 0 && !prefixes.Contains(prefix))
            throw new InvalidInputException(
                files.Path,
                $"the names of its tensors begin with {InputFile.Quote(prefix)}, which {setting} in {configFile} does "
                    + "not remove, so that the reference would load none of them; download both files again"
            );
    }

    /// <exception cref="InvalidInputException">Tensors are missing or have another shape than the configuration
    /// specifies; the message lists them.</exception>
    public void ThrowIfIncomplete()
    {
        if (problems.Count > 0)
            throw CreateError();
    }

    private InvalidInputException CreateError()
    {
        var omittedCount = problems.Count > MaxListed ? $", and {problems.Count - MaxListed} more" : "";
        return new InvalidInputException(
            files.Path,
            $"the checkpoint does not fit its {configFile}: "
                + $"{string.Join(", ", problems.Take(MaxListed))}{omittedCount}; "
                + "download it again, or use another checkpoint"
        );
    }

    private bool Contains(string name) => files.Tensors.ContainsKey(prefix + name);

    private CheckpointTensor? Find(string name, int[] shape)
    {
        var expectedShape = $"[{string.Join(", ", shape)}]";
        if (!files.Tensors.TryGetValue(prefix + name, out var tensor))
            problems.Add($"no {prefix + name} {expectedShape}");
        else if (!tensor.Shape.SequenceEqual(shape.Select(size => (long)size)))
            problems.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{tensor.Name} [{string.Join(", ", tensor.Shape)}], expected {expectedShape}"
                )
            );
        else
            return tensor;
        return null;
    }

    // ONNX Runtime maps weights from one folder only, and requires aligned elements.
    private ElementType? FindMappableType(CheckpointTensor tensor)
    {
        if (location == WeightsLocation.Embedded || files.HasChecksums)
            return null; // mapped bytes cannot be verified
        ElementType? type = tensor.Type switch
        {
            "F32" => ElementType.Float32,
            "F16" => ElementType.Float16,
            "BF16" => ElementType.BFloat16,
            _ => null,
        };
        var folder = Path.GetDirectoryName(tensor.File);
        if (type is null || !tensor.IsContiguous || tensor.Offset % 4 != 0 || (Folder ?? folder) != folder)
            return null;
        Folder = folder;
        return type;
    }
}

/// <summary>Where the weights of a graph are stored.</summary>
internal enum WeightsLocation
{
    /// <summary>In the checkpoint's files, memory-mapped without copies where possible.</summary>
    MemoryMapped,

    /// <summary>
    /// Copied into the graph, as float32, or float16 if the checkpoint has that: for export without the checkpoint.
    /// </summary>
    Embedded,
}
