using System.IO.Compression;
using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Testing.Formats;

/// <summary>Valid HDF5 files.</summary>
internal static class Hdf5Samples
{
    /// <summary>The weights files of all archives in tests/fixtures that Keras wrote.</summary>
    public static byte[][] KerasWeights =>
        [
            .. (
                (string[])
                    [
                        "small",
                        "small_after_training",
                        "full",
                        "original_style",
                        "lambda_named_gelu",
                        "lambda_bytecode",
                        "another_architecture",
                    ]
            ).Select(ReadKerasWeights),
        ];

    /// <summary>The weights file of an archive that Keras wrote.</summary>
    public static byte[] ReadKerasWeights(string fixture)
    {
        using var archive = ZipFile.OpenRead(Fixtures.Path("keras", fixture + ".keras"));
        using var entry = archive.GetEntry("model.weights.h5")!.Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A group with a string attribute, an array and an empty group, all of the old style.</summary>
    public static byte[] CreateOldStyle(int superblock)
    {
        var builder = new Hdf5Builder();
        var array = builder.Array([2], Int64Type, BitConverter.GetBytes(5L), BitConverter.GetBytes(-6L));
        var name = Attribute("name", FixedText(4), Scalar, "abc\0"u8.ToArray());
        var inner = builder.OldGroup([("b", builder.OldGroup([])), ("ä", array)], name);
        return builder.OldFile(builder.OldGroup([("layers", inner)]), superblock);
    }
}
