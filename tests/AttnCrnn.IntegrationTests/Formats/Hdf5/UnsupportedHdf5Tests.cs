namespace AttnCrnn.IntegrationTests.Formats.Hdf5;

/// <summary>HDF5 features that model files do not need, in files that h5py writes: rejected by name.</summary>
[Requires("h5py")]
public sealed class UnsupportedHdf5Tests
{
    private static readonly (string Lines, string Found)[] WrittenByH5py =
    [
        ("file['x'] = h5py.SoftLink('/x')", "'x', a soft link"),
        ("file['x'] = h5py.ExternalLink('/etc/passwd', '/')", "'x', an external link"),
        ("file['x'] = file", "'x', a second link to an object (a cycle"),
        ("file.create_group('a')['b'] = file.create_dataset('c', data=np.float32(1))", "a second link to an object"),
        ("file.create_dataset('x', data=np.zeros(100, '<f4'), chunks=(10,))", "'x', stored in chunks"),
        ("file.create_dataset('x', data=np.zeros(100, '<f4'), compression='gzip')", "'x', stored in chunks"),
        (
            "file.create_dataset('x', (2,), '<f4', external=[('/etc/passwd', 0, 8)])",
            "'x', whose values are in other files (external storage)"
        ),
        (
            "layout = h5py.VirtualLayout((2,), '<f4')\nlayout[:] = h5py.VirtualSource('other.h5', 'y', (2,))\n"
                + "file.create_virtual_dataset('x', layout)",
            "'x', stored combined from other files (a virtual dataset)"
        ),
        ("file.create_dataset('x', (3,), '<f4')", "'x', whose values were never written"),
        ("file['x'] = np.zeros(2, '>f4')", "'x' of big-endian numbers"),
        ("file['x'] = np.zeros(2, '>i8')", "'x' of big-endian numbers"),
        ("file['x'] = np.zeros(2, 'u1')", "'x' of integers, 1 bytes each"),
        ("file['x'] = np.zeros(2, 'u8')", "'x' of integers, 8 bytes each"),
        ("file['x'] = np.zeros(2, 'u2')", "'x' of integers, 2 bytes each"),
        ("file['x'] = np.zeros(2, 'V2')", "'x' of opaque bytes, 2 bytes each"),
        ("file['x'] = np.zeros(2, bool)", "'x' of enumerated values"),
        ("file['x'] = np.zeros(2, '<c8')", "'x' of records"),
        ("file['x'] = np.zeros(2, np.longdouble)", "'x' of floating-point numbers, 16 bytes each"),
        ("file['x'] = 'text'", "'x' of sequences"),
        ("file['x'] = h5py.Empty('<f4')", "'x' of no shape (a null dataspace)"),
        ("file['t'] = np.dtype('<f4')", "'t', neither a group nor an array"),
    ];

    [Fact]
    public void HDF5_features_that_Keras_does_not_use_are_rejected_by_name()
    {
        foreach (var options in (string[])["libver='earliest'", "libver='latest'"])
        foreach (
            var ((_, found), image) in WrittenByH5py.Zip(
                H5py.WriteUnlisted([.. WrittenByH5py.Select(file => file.Lines)], options)
            )
        )
            Assert.Contains(found, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Dense_storage_is_rejected_by_name()
    {
        string[] lines =
        [
            "for i in range(9): file.create_group(f'{i}')",
            "for i in range(9): file.attrs[f'{i}'] = 'text'",
        ];
        var images = H5py.WriteUnlisted(lines, "libver='latest'");
        Assert.Contains(
            "a group of many entries in dense storage (a fractal heap)",
            HostileHdf5.AssertRejected(images[0]).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "many attributes in dense storage (a fractal heap)",
            HostileHdf5.AssertRejected(images[1]).Message,
            StringComparison.Ordinal
        );
    }
}
