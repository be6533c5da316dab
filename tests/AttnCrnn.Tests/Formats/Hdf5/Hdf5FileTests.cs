using System.Text;
using AttnCrnn.Formats.Hdf5;
using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>HDF5 files of Keras and h5py, against PureHDF's and h5py's listings of the same bytes.</summary>
public sealed class Hdf5FileTests
{
    private const string EveryType = """
        group = file.create_group('layers').create_group('vars')
        group.attrs['name'] = 'dense'
        group.attrs['fixed'] = np.bytes_('abc')
        group.attrs['not ASCII: ä'] = 'ö'
        group.attrs['empty'] = ''
        group.attrs['numbers'] = np.arange(3)
        group.attrs['texts'] = ['a', 'b']
        group['0'] = np.linspace(-1, 1, 6, dtype='<f4').reshape(2, 3)
        group['1'] = np.array([1.5, -np.inf, np.nan, 1e-7], '<f2')
        group['2'] = np.array([1 / 3, 1e300, -0.0], '<f8')
        more = file.create_group('Ä comes first for PureHDF')
        more['int32'] = np.array([[-2**31, 2**31 - 1]], '<i4')
        more['int64'] = np.array([-2**63, 2**63 - 1], '<i8')
        more['uint32'] = np.array([0, 2**32 - 1], '<u4')
        more['scalar'] = np.int64(7)
        more['no elements'] = np.zeros((0, 3), '<f4')
        opaque = more.create_dataset('bfloat16', data=np.array([0x3F80, 0xC049], '<u2').view('V2'))
        opaque.attrs['dtype'] = 'bfloat16'
        file.create_group('nothing')
        """;

    private static byte[][] KerasArchives =>
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
            ).Select(Hdf5Listing.Weights),
        ];

    [Fact]
    public void Groups_arrays_and_values_of_Keras_archives_are_those_that_PureHDF_lists() =>
        Assert.All(KerasArchives, image => Assert.Equal(Hdf5Listing.ReadPureHdf(image), Hdf5Listing.Read(image)));

    [Fact]
    [Requires("h5py")]
    public void Groups_arrays_and_values_of_Keras_archives_are_those_that_h5py_lists() =>
        Assert.Equal(H5py.List(KerasArchives), KerasArchives.Select(image => Hdf5Listing.Read(image)));

    [Theory]
    [InlineData("libver='earliest'", 0)]
    [InlineData("libver=('v108', 'v108')", 2)]
    [InlineData("libver='latest'", 3)]
    [InlineData("libver='latest', track_order=True", 3)]
    [Requires("h5py")]
    public void Every_type_in_every_version_that_h5py_writes_is_read_as_h5py_reads_it(string options, int superblock)
    {
        var (image, expected) = H5py.Write(EveryType, options);
        Assert.Equal(superblock, image[8]);
        var lines = Hdf5Listing.Read(image);
        Assert.Equal(expected, lines);
        Assert.Contains("array Ä comes first for PureHDF/uint32 [2] uint32 0000000000000000FFFFFFFF00000000", lines);
        Assert.Contains("array Ä comes first for PureHDF/bfloat16 [2] bfloat16 0000803F000049C0", lines);
        Assert.Contains("group layers/vars empty= fixed=abc name=dense not ASCII: ä=ö", lines);
        Assert.Contains("group nothing", lines);
    }

    [Fact]
    [Requires("h5py")]
    public void A_group_of_many_arrays_is_read_through_all_levels_of_its_tree()
    {
        var (image, expected) = H5py.Write("for i in range(600): file[f'{i}'] = np.int32(i)");
        Assert.Equal(601, expected.Length);
        Assert.Equal(expected, Hdf5Listing.Read(image));
    }

    [Fact]
    [Requires("h5py")]
    public void Compact_storage_is_read()
    {
        const string Lines = """
            space = h5py.h5s.create_simple((2, 2))
            kept = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            kept.set_layout(h5py.h5d.COMPACT)
            made = h5py.h5d.create(file.id, b'x', h5py.h5t.IEEE_F32LE, space, dcpl=kept)
            made.write(h5py.h5s.ALL, h5py.h5s.ALL, np.array([[1, 2], [3, 4]], '<f4'))
            """;
        foreach (var options in (string[])["", "libver='latest'"])
        {
            var (image, expected) = H5py.Write(Lines, options);
            Assert.Equal(["array x [2, 2] float32 0000803F000000400000404000008040", "group "], expected);
            Assert.Equal(expected, Hdf5Listing.Read(image));
        }
    }

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
        var image = OldStyle(version);
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
    [Requires("h5py")]
    public void The_oldest_superblock_is_read_as_h5py_reads_it()
    {
        var image = OldStyle(0);
        Assert.Equal(H5py.List(image)[0], Hdf5Listing.Read(image));
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
    public void Whole_numbers_become_float32_where_it_holds_them()
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
        var fault = Assert.Throws<InvalidFileException>(() => file.ReadFloats("does not"));
        Assert.Equal("16777217 in 'does not'", fault.Found);
        Assert.Equal(file.Find("does not")!.Offset + 8, fault.Offset);
        Assert.Throws<InvalidFileException>(() => file.ReadFloats("most"));
        Assert.Equal([long.MaxValue], file.ReadIntegers("most"));
    }

    [Fact]
    public void An_array_that_is_not_there_or_of_another_kind_is_rejected_by_name()
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
    public void The_checksum_is_that_of_its_author(string text, uint expected) =>
        Assert.Equal(expected, Hdf5Checksum.Lookup3(Encoding.ASCII.GetBytes(text)));

    // A group with a string attribute, an array and an empty group.
    private static byte[] OldStyle(int superblock)
    {
        var builder = new Hdf5Builder();
        var array = builder.Array([2], Int64Type, BitConverter.GetBytes(5L), BitConverter.GetBytes(-6L));
        var name = Attribute("name", FixedText(4), Scalar, "abc\0"u8.ToArray());
        var inner = builder.OldGroup([("b", builder.OldGroup([])), ("ä", array)], name);
        return builder.OldFile(builder.OldGroup([("layers", inner)]), superblock);
    }
}
