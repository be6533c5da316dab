using AttnCrnn.Formats.Hdf5;
using AttnCrnn.IO;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras.Weights;

/// <summary>The tensors in an archive's model.weights.h5.</summary>
internal sealed class KerasWeights
{
    /// <summary>Remedy for weights that are not those of the graph.</summary>
    public const string Remedy =
        "the graph and the weights belong to different models: save the model again with model.save('NAME.keras')";

    private readonly string file;
    private readonly Hdf5Reader hdf5;
    private readonly IReadOnlyDictionary<string, string> paths; // in the file, by those of KerasPaths, if they differ

    private KerasWeights(string file, Hdf5Reader hdf5, IReadOnlyDictionary<string, string> paths, bool hasNames)
    {
        this.file = file;
        this.hdf5 = hdf5;
        this.paths = paths;
        HasVariableNames = hasNames;
    }

    /// <summary>Whether the file names each variable after what it is.</summary>
    public bool HasVariableNames { get; }

    /// <summary>Reads an archive's model.weights.h5.</summary>
    /// <param name="file">File name for error messages.</param>
    /// <exception cref="InvalidFileException">Not an HDF5 file as written by Keras.</exception>
    public static KerasWeights FromArchive(string file, byte[] bytes)
    {
        var hdf5 = Hdf5Reader.Read(file, bytes);
        return new(file, hdf5, KerasWeightPaths.ListEarlier(hdf5), hasNames: false);
    }

    /// <summary>Reads the weights of a model in one HDF5 file.</summary>
    /// <param name="file">File name for error messages.</param>
    /// <exception cref="InvalidFileException">The weights of a layer are not those of its class.</exception>
    public static KerasWeights FromHdf5File(string file, Hdf5Reader hdf5, KerasGraph graph) =>
        new(file, hdf5, KerasWeightPaths.ListHdf5File(file, hdf5, graph), hasNames: true);

    /// <summary>The network's tensors in the order of <see cref="Parameters.ListShapes"/>, all finite.</summary>
    /// <exception cref="InvalidFileException">
    /// A tensor is missing, has the wrong shape or non-finite values, or a variance is negative.
    /// </exception>
    public IReadOnlyList<ModelTensor> ReadTensors(KerasNetwork network)
    {
        ModelTensor[] tensors =
        [
            .. Parameters
                .ListShapes(network.Options)
                .Zip(network.Tensors, (tensor, location) =>
                    new ModelTensor(tensor.Name, tensor.Shape, ReadTensor(tensor.Name, location.Path, tensor.Shape))
                ),
        ];
        var variance = Array.FindIndex(tensors, tensor =>
            tensor.Name.EndsWith($"/{TensorNames.VariancePart}", StringComparison.Ordinal)
        );
        if (variance >= 0 && tensors[variance].Values.Any(value => value < 0))
            throw new InvalidFileException(
                $"{file}/{Locate(network.Tensors[variance].Path)}",
                null,
                $"a variance of {tensors[variance].Values.Min()}",
                "at least 0",
                "training diverged: train again"
            );
        return tensors;
    }

    /// <summary>Whether there is a tensor with this path and shape.</summary>
    public bool Contains(string path, params IReadOnlyList<int> shape) =>
        hdf5.Find(Locate(path)) is { } dataset && IsShape(dataset.Shape, shape);

    /// <summary>Number of tensors in a group.</summary>
    public int CountTensors(string folder) =>
        hdf5.Datasets.Count(dataset =>
            dataset.Path.StartsWith(folder + "/", StringComparison.Ordinal)
            && !dataset.Path.AsSpan(folder.Length + 1).Contains('/')
        );

    /// <summary>A tensor's elements, all finite.</summary>
    public float[] Read(string path, params IReadOnlyList<int> shape)
    {
        path = Locate(path);
        var dataset = hdf5.Find(path)
            ?? throw new InvalidFileException(file, null, $"no {path}", FormatShape(shape), Remedy);
        if (!IsShape(dataset.Shape, shape))
            throw new InvalidFileException(
                $"{file}/{path}",
                null,
                FormatShape(dataset.Shape),
                FormatShape(shape),
                Remedy
            );
        var values = hdf5.ReadFloats(path);
        return values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0
            ? values
            : throw new InvalidFileException(
                $"{file}/{path}",
                null,
                "NaN or infinity",
                "finite weights",
                "training diverged: train again"
            );
    }

    /// <summary>Reads an integer.</summary>
    public long ReadInt64(string path) => hdf5.ReadIntegers(Locate(path))[0];

    private float[] ReadTensor(string name, string path, IReadOnlyList<int> shape)
    {
        var expected = name[(name.LastIndexOf('/') + 1)..];
        if (HasVariableNames && KerasWeightPaths.GetVariableName(Locate(path)) is var found && found != expected)
            throw new InvalidFileException(
                file,
                null,
                $"{InputFile.Quote(Locate(path))} as the {expected} of a layer",
                $"a weight named {expected}",
                Remedy
            );
        return Read(path, shape);
    }

    private string Locate(string path) => paths.GetValueOrDefault(path, path);

    private static bool IsShape(IReadOnlyList<long> dataset, IReadOnlyList<int> expected) =>
        dataset.SequenceEqual(expected.Select(size => (long)size));

    private static string FormatShape<T>(IReadOnlyList<T> shape) => $"a tensor of [{string.Join(", ", shape)}]";
}
