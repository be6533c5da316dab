using System.Text;
using AttnCrnn.Formats.Hdf5;
using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>HDF5 files of Keras and PureHDF, against PureHDF's listing of the same bytes.</summary>
public sealed class Hdf5FileTests
{
    [Fact]
    public void Contents_of_Keras_archives_match_PureHDF() =>
        Assert.All(Hdf5Samples.KerasWeights, image =>
            Assert.Equal(Hdf5Listing.ReadPureHdf(image), Hdf5Listing.Read(image))
        );

    // As the writer of model files uses PureHDF.
    [Fact]
    public void Files_of_PureHDF_are_read()
    {
        var vars = new PureHDF.H5Group
        {
            ["0"] = new PureHDF.H5Dataset((float[])[1, 2, 3, 4, 5, 6], fileDims: [2, 3]),
            ["1"] = new PureHDF.H5Dataset((float[])[0.5f], fileDims: []),
        };
        vars.Attributes["name"] = "dense";
        var file = new PureHDF.H5File
        {
            ["layers"] = new PureHDF.H5Group { ["dense"] = new PureHDF.H5Group { ["vars"] = vars } },
            ["vars"] = new PureHDF.H5Group(),
        };
        using var stream = new MemoryStream();
        file.Write(stream, new PureHDF.H5WriteOptions(PreferCompactDatasetLayout: false));
        Assert.Equal(
            [
                "array layers/dense/vars/0 [2, 3] float32 0000803F0000004000004040000080400000A0400000C040",
                "array layers/dense/vars/1 [] float32 0000003F",
                "group ",
                "group layers",
                "group layers/dense",
                "group layers/dense/vars name=dense",
                "group vars",
            ],
            Hdf5Listing.Read(stream.ToArray())
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Either_version_of_the_old_superblock_is_read(int version)
    {
        var image = Hdf5Samples.CreateOldStyle(version);
        Assert.Equal(
            [
                "array layers/ä [2] int64 0500000000000000FAFFFFFFFFFFFFFF",
                "group ",
                "group layers name=abc",
                "group layers/b",
            ],
            Hdf5Listing.Read(image)
        );
    }

    [Fact]
    public void An_object_header_of_many_continuations_is_read_to_its_end()
    {
        var builder = new Hdf5Builder();
        var next = builder.Continuation(Link("last", builder.Group()));
        for (var i = 0; i < 20_000; i++)
            next = builder.Continuation(Continue(next.At, next.Bytes));
        Assert.Equal(
            ["group ", "group last"],
            Hdf5Listing.Read(builder.File(builder.Group(Continue(next.At, next.Bytes))))
        );
    }

    [Fact]
    public void Integers_become_float32_if_exactly_representable()
    {
        var builder = new Hdf5Builder();
        var fits = builder.Array([2], Int64Type, BitConverter.GetBytes(1L << 40), BitConverter.GetBytes(-3L));
        var doesNotFit = builder.Array(
            [2],
            Int64Type,
            BitConverter.GetBytes(1L),
            BitConverter.GetBytes((1L << 24) + 1)
        );
        var max = builder.Array([1], Int64Type, BitConverter.GetBytes(long.MaxValue));
        var file = Hdf5Reader.Read(
            "x.h5",
            builder.File(builder.Group(Link("fits", fits), Link("does not", doesNotFit), Link("most", max)))
        );
        Assert.Equal([1L << 40, -3], file.ReadFloats("fits"));
        var exception = Assert.Throws<InvalidFileException>(() => file.ReadFloats("does not"));
        Assert.Equal("16777217 in 'does not'", exception.Found);
        Assert.Equal(file.Find("does not")!.Offset + 8, exception.Offset);
        Assert.Throws<InvalidFileException>(() => file.ReadFloats("most"));
        Assert.Equal([long.MaxValue], file.ReadIntegers("most"));
    }

    [Fact]
    public void Lists_of_strings_are_read_in_order()
    {
        var builder = new Hdf5Builder();
        var heap = builder.Heap((1, "kernel"u8.ToArray()), (2, "bias"u8.ToArray()));
        var group = builder.Group(
            Attribute("fixed", FixedText(3), Space(2), "ab\0cde"u8.ToArray()),
            Attribute("variable", AnyText, Space(2), [.. InHeap(4, heap, 2), .. InHeap(6, heap, 1)]),
            Attribute("empty", FixedText(1), Space(0), []),
            Attribute("scalar", FixedText(1), Scalar, "s"u8.ToArray()),
            Attribute("matrix", FixedText(1), Space(1, 1), "m"u8.ToArray())
        );
        var root = Hdf5Reader.Read("x.h5", builder.File(group)).FindGroup("")!;
        Assert.Equal(["ab", "cde"], root.FindList("fixed"));
        Assert.Equal(["bias", "kernel"], root.FindList("variable"));
        Assert.Empty(root.FindList("empty")!);
        Assert.Null(root.FindList("scalar"));
        Assert.Null(root.FindList("matrix"));
        Assert.Equal(["scalar"], root.StringAttributes.Keys);
    }

    [Fact]
    public void A_missing_array_or_a_wrong_type_is_rejected_by_name()
    {
        var builder = new Hdf5Builder();
        var file = Hdf5Reader.Read(
            "x.h5",
            builder.File(builder.Group(Link("x", builder.Array([1], Float32Type, BitConverter.GetBytes(1f)))))
        );
        Assert.Contains(
            "x.h5: found no array 'y', expected one",
            Assert.Throws<InvalidFileException>(() => file.ReadFloats("y")).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "found 'x' of float32, expected int32, int64 or uint32",
            Assert.Throws<InvalidFileException>(() => file.ReadIntegers("x")).Message,
            StringComparison.Ordinal
        );
    }

    // The author's test vectors, from the comments and the driver of lookup3.c.
    [Theory]
    [InlineData("", 0xDEADBEEFu)]
    [InlineData("Four score and seven years ago", 0x17770551u)]
    public void The_checksum_matches_its_authors_test_vectors(string text, uint expected) =>
        Assert.Equal(expected, Hdf5Checksum.Lookup3(Encoding.ASCII.GetBytes(text)));
}
