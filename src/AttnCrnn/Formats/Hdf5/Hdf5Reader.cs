using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// HDF5 as far as Keras and h5py write weights (HDF5 File Format Specification 3.0): groups of both styles, whole arrays of little-endian numbers.
/// Everything is listed and checked when it is read, without recursion, each object once; nothing outside the given bytes is ever opened. What is
/// not of this subset is refused by its name: chunks and filters, links that lead by a path or into other files, arrays kept in other files, other types.
/// </summary>
internal sealed class Hdf5Reader
{
    private readonly Hdf5Bytes file;
    private readonly Dictionary<string, Hdf5Dataset> byPath;

    private Hdf5Reader(Hdf5Bytes file, IReadOnlyList<Hdf5Group> groups, IReadOnlyList<Hdf5Dataset> datasets)
    {
        this.file = file;
        Groups = groups;
        Datasets = datasets;
        byPath = datasets.ToDictionary(dataset => dataset.Path, StringComparer.Ordinal);
    }

    /// <summary>All groups, empty ones too, the root first; ordered by path, letter by letter.</summary>
    public IReadOnlyList<Hdf5Group> Groups { get; }

    /// <summary>All arrays, ordered by path, letter by letter.</summary>
    public IReadOnlyList<Hdf5Dataset> Datasets { get; }

    /// <summary>Lists and checks a file.</summary>
    /// <param name="name">How messages name it, as in <c>x.keras: model.weights.h5</c>.</param>
    /// <param name="bytes">The whole file; arrays are read from it when asked for.</param>
    /// <exception cref="InvalidFileException">It is no HDF5 file, damaged, cut off, or not of the subset.</exception>
    public static Hdf5Reader Read(string name, ReadOnlyMemory<byte> bytes)
    {
        var file = new Hdf5Bytes(name, bytes);
        var cursor = new Hdf5ObjectTraversal(file);
        cursor.Run(Hdf5Superblock.Root(file));
        return new(
            file,
            [.. cursor.Groups.OrderBy(group => group.Path, StringComparer.Ordinal)],
            [.. cursor.Datasets.OrderBy(dataset => dataset.Path, StringComparer.Ordinal)]
        );
    }

    /// <summary>The array of this path, or null.</summary>
    public Hdf5Dataset? Find(string path) => byPath.GetValueOrDefault(path);

    /// <summary>An array's elements as float32, in row-major order; a double is rounded, a whole number is converted where float32 holds it.</summary>
    /// <exception cref="InvalidFileException">There is no such array, or float32 does not hold one of its whole numbers.</exception>
    public float[] ReadFloats(string path)
    {
        var dataset = Require(path);
        return Hdf5Numbers.Floats(file, dataset);
    }

    /// <summary>An array's elements as whole numbers, in row-major order.</summary>
    /// <exception cref="InvalidFileException">There is no such array, or it is not of int32, int64 or uint32.</exception>
    public long[] ReadIntegers(string path)
    {
        var dataset = Require(path);
        return Hdf5Numbers.Integers(file, dataset);
    }

    private Hdf5Dataset Require(string path) =>
        Find(path)
        ?? throw file.Error(
            null,
            $"no array {InputFile.Quote(path)}",
            "one",
            "take a file of this architecture, or save the model again with Keras"
        );
}
