using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// Reads the subset of HDF5 that Keras and h5py use for weights (HDF5 File Format Specification 3.0): groups of both
/// styles and contiguous little-endian numeric arrays. All objects are listed and validated on opening, without
/// recursion; no other file is opened. Unsupported features cause an error that names them: chunks, filters, soft and
/// external links, external storage, other types.
/// </summary>
internal sealed class Hdf5Reader
{
    private readonly Hdf5Bytes file;
    private readonly Dictionary<string, Hdf5Dataset> byPath;
    private readonly Dictionary<string, Hdf5Group> groupsByPath;

    private Hdf5Reader(Hdf5Bytes file, IReadOnlyList<Hdf5Group> groups, IReadOnlyList<Hdf5Dataset> datasets)
    {
        this.file = file;
        Groups = groups;
        Datasets = datasets;
        byPath = datasets.ToDictionary(dataset => dataset.Path, StringComparer.Ordinal);
        groupsByPath = groups.ToDictionary(group => group.Path, StringComparer.Ordinal);
    }

    /// <summary>All groups including empty ones, in ordinal order of their paths; the root is first.</summary>
    public IReadOnlyList<Hdf5Group> Groups { get; }

    /// <summary>All arrays, in ordinal order of their paths.</summary>
    public IReadOnlyList<Hdf5Dataset> Datasets { get; }

    /// <summary>Lists and validates a file.</summary>
    /// <param name="name">Name for messages, for example <c>x.keras: model.weights.h5</c>.</param>
    /// <param name="bytes">The complete file; arrays are read from it on demand.</param>
    /// <exception cref="InvalidFileException">Not an HDF5 file, damaged, truncated, or outside the subset.</exception>
    public static Hdf5Reader Read(string name, ReadOnlyMemory<byte> bytes)
    {
        var file = new Hdf5Bytes(name, bytes);
        var traversal = new Hdf5ObjectTraversal(file);
        traversal.Run(Hdf5Superblock.FindRoot(file));
        return new(
            file,
            [.. traversal.Groups.OrderBy(group => group.Path, StringComparer.Ordinal)],
            [.. traversal.Datasets.OrderBy(dataset => dataset.Path, StringComparer.Ordinal)]
        );
    }

    /// <summary>The group at a path, or null; the root's path is empty.</summary>
    public Hdf5Group? FindGroup(string path) => groupsByPath.GetValueOrDefault(path);

    /// <summary>The array at a path, or null.</summary>
    public Hdf5Dataset? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>Reads an array as float32, in row-major order; float64 is rounded, integers must be exact.</summary>
    /// <exception cref="InvalidFileException">
    /// There is no such array, or an integer is not exactly representable as float32.
    /// </exception>
    public float[] ReadFloats(string path)
    {
        var dataset = Require(path);
        return Hdf5Numbers.ReadFloats(file, dataset);
    }

    /// <summary>Reads an array of integers, in row-major order.</summary>
    /// <exception cref="InvalidFileException">There is no such array, or its type is not an integer type.</exception>
    public long[] ReadIntegers(string path)
    {
        var dataset = Require(path);
        return Hdf5Numbers.ReadIntegers(file, dataset);
    }

    private Hdf5Dataset Require(string path) =>
        Find(path)
        ?? throw file.Error(
            null,
            $"no array {InputFile.Quote(path)}",
            "one",
            "use a file of this architecture, or save the model again with Keras"
        );
}
