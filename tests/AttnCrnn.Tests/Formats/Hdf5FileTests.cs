using System.IO.Compression;
using AttnCrnn.Formats;
using PureHDF;

namespace AttnCrnn.Tests.Formats;

/// <summary>HDF5 as Keras and h5py write it, against what PureHDF lists of the same bytes.</summary>
public sealed class Hdf5FileTests
{
    public static TheoryData<string> Archives => new("small", "small_after_training", "full", "original_style", "lambda_named_gelu", "lambda_bytecode", "another_architecture");

    [Theory, MemberData(nameof(Archives))]
    public void Groups_arrays_and_values_of_Keras_archives_are_those_that_PureHDF_lists(string name)
    {
        var bytes = Weights(name);
        var file = Hdf5File.Read(name, bytes);
        using var stream = new MemoryStream(bytes);
        using var other = H5File.Open(stream);
        var datasets = new List<string>();
        var groups = new List<string>();
        List("", other);
        Assert.Equal(groups.Order(StringComparer.Ordinal), file.Groups.Select(group => $"{group.Path} {string.Join(';', group.Texts)}"));
        Assert.Equal(datasets.Order(StringComparer.Ordinal), file.Datasets.Select(dataset => $"{dataset.Path} [{string.Join(", ", dataset.Shape)}] {dataset.Type}"));
        Assert.NotEmpty(datasets);

        void List(string path, IH5Group group)
        {
            groups.Add($"{path} {string.Join(';', group.Attributes().Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Read<string>())))}");
            foreach (var child in group.Children())
            {
                var childPath = path.Length == 0 ? child.Name : $"{path}/{child.Name}";
                if (child is IH5Group inner) List(childPath, inner);
                else if (child is IH5Dataset dataset) Add(childPath, dataset);
            }
        }

        void Add(string path, IH5Dataset dataset)
        {
            var isFloat = dataset.Type.Class == H5DataTypeClass.FloatingPoint;
            datasets.Add($"{path} [{string.Join(", ", dataset.Space.Dimensions)}] {(isFloat ? "float" : "int")}{8 * dataset.Type.Size}");
            var isScalar = dataset.Space.Dimensions.Length == 0;
            if (isFloat) Assert.Equal(isScalar ? [dataset.Read<float>()] : dataset.Read<float[]>(), file.ReadFloats(path));
            else Assert.Equal(isScalar ? [dataset.Read<long>()] : dataset.Read<long[]>(), file.ReadIntegers(path));
        }
    }

    private static byte[] Weights(string name)
    {
        using var archive = ZipFile.OpenRead(Shared.Fixture("keras", name + ".keras"));
        using var entry = archive.GetEntry("model.weights.h5")!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}
