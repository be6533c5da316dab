using System.Runtime.InteropServices;
using AttnCrnn.Formats.Hdf5;
using PureHDF;

namespace AttnCrnn.Testing.Formats;

/// <summary>
/// Lists an HDF5 file, one line per object: "group PATH NAME=TEXT …" or "array PATH SHAPE TYPE VALUES", sorted;
/// floats as float32, integers as int64, in hexadecimal.
/// </summary>
internal static class Hdf5Listing
{
    /// <summary>By this program's reader.</summary>
    public static string[] Read(ReadOnlyMemory<byte> image)
    {
        var file = Hdf5Reader.Read("test.h5", image);
        return Sort([
            .. file.Groups.Select(group => Group(group.Path, group.StringAttributes)),
            .. file.Datasets.Select(dataset => Array(dataset.Path, dataset.Shape, dataset.Type, Values(file, dataset))),
        ]);
    }

    /// <summary>By PureHDF; float32 and int64 only.</summary>
    public static string[] ReadPureHdf(byte[] image)
    {
        using var file = H5File.Open(new MemoryStream(image));
        var lines = new List<string>();
        List("", file);
        return Sort(lines);

        void List(string path, IH5Group group)
        {
            lines.Add(
                Group(
                    path,
                    group
                        .Attributes()
                        .Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Read<string>()))
                )
            );
            foreach (var child in group.Children())
            {
                var childPath = path.Length == 0 ? child.Name : $"{path}/{child.Name}";
                if (child is IH5Group inner)
                    List(childPath, inner);
                else
                    lines.Add(Describe(childPath, (IH5Dataset)child));
            }
        }
    }

    public static string[] Sort(IEnumerable<string> lines) => [.. lines.Order(StringComparer.Ordinal)];

    private static string Describe(string path, IH5Dataset dataset)
    {
        var shape = dataset.Space.Dimensions.Select(size => (long)size).ToArray();
        return dataset.Type.Class == H5DataTypeClass.FloatingPoint
            ? Array(path, shape, $"float{8 * dataset.Type.Size}", Bytes(Read<float>()))
            : Array(path, shape, $"int{8 * dataset.Type.Size}", Bytes(Read<long>()));

        T[] Read<T>() => shape.Length == 0 ? [dataset.Read<T>()] : dataset.Read<T[]>();
    }

    private static string Group(string path, IEnumerable<KeyValuePair<string, string>> texts) =>
        string.Join(
            ' ',
            texts
                .OrderBy(text => text.Key, StringComparer.Ordinal)
                .Select(text => $"{text.Key}={text.Value}")
                .Prepend($"group {path}")
        );

    private static string Array(string path, IEnumerable<long> shape, string type, ReadOnlySpan<byte> values) =>
        $"array {path} [{string.Join(", ", shape)}] {type} {Convert.ToHexString(values)}";

    private static ReadOnlySpan<byte> Values(Hdf5Reader file, Hdf5Dataset dataset) =>
        dataset.Type.Contains("float", StringComparison.Ordinal)
            ? Bytes(file.ReadFloats(dataset.Path))
            : Bytes(file.ReadIntegers(dataset.Path));

    private static ReadOnlySpan<byte> Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes<T>(values);
}
