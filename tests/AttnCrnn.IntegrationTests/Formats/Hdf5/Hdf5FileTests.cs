namespace AttnCrnn.IntegrationTests.Formats.Hdf5;

/// <summary>HDF5 files of Keras and h5py, against h5py's listing of the same bytes.</summary>
[Requires("h5py")]
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

    [Fact]
    public void Contents_of_Keras_archives_match_h5py() =>
        Assert.Equal(
            H5py.List(Hdf5Samples.KerasWeights),
            Hdf5Samples.KerasWeights.Select(image => Hdf5Listing.Read(image))
        );

    [Theory]
    [InlineData("libver='earliest'", 0)]
    [InlineData("libver=('v108', 'v108')", 2)]
    [InlineData("libver='latest'", 3)]
    [InlineData("libver='latest', track_order=True", 3)]
    public void Every_type_and_file_version_of_h5py_is_read_as_by_h5py(string options, int superblock)
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
    public void A_group_of_many_arrays_is_read_through_all_levels_of_its_tree()
    {
        var (image, expected) = H5py.Write("for i in range(600): file[f'{i}'] = np.int32(i)");
        Assert.Equal(601, expected.Length);
        Assert.Equal(expected, Hdf5Listing.Read(image));
    }

    [Fact]
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

    [Fact]
    public void The_oldest_superblock_is_read_as_by_h5py()
    {
        var image = Hdf5Samples.CreateOldStyle(0);
        Assert.Equal(H5py.List(image)[0], Hdf5Listing.Read(image));
    }
}
