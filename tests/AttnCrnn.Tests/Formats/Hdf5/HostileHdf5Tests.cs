using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Malicious, damaged or unsupported HDF5 files: rejected by name, in bounded time and memory.</summary>
public sealed class HostileHdf5Tests
{
    private static readonly (string Lines, string Fault)[] WrittenByH5py =
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
    [Requires("h5py")]
    public void HDF5_features_that_Keras_does_not_use_are_rejected_by_name()
    {
        foreach (var options in (string[])["libver='earliest'", "libver='latest'"])
        foreach (
            var ((_, fault), image) in WrittenByH5py.Zip(
                H5py.WriteUnlisted([.. WrittenByH5py.Select(one => one.Lines)], options)
            )
        )
            Assert.Contains(fault, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Requires("h5py")]
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

    [Fact]
    public void A_file_truncated_anywhere_is_rejected()
    {
        foreach (var image in (byte[][])[Hdf5SweepTests.NewStyle, Hdf5SweepTests.OldStyle])
            for (var length = 0; length < image.Length; length++)
                HostileHdf5.AssertRejected(image[..length]);
    }

    [Fact]
    public void A_deep_file_is_rejected_for_its_paths()
    {
        var deep = new Hdf5Builder();
        var group = deep.Group();
        for (var i = 0; i < 20_000; i++)
            group = deep.Group(Link("a", group));
        Assert.Contains(
            "a path of 513 characters",
            HostileHdf5.AssertRejected(deep.File(group)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_wide_file_is_rejected_for_its_objects()
    {
        var wide = new Hdf5Builder();
        var links = Enumerable.Range(0, 30_000).Select(i => Link($"{i}", wide.Next + 1 + i)).ToArray();
        Assert.Contains(
            "more than 20000 groups and arrays",
            HostileHdf5.AssertRejected(wide.File(wide.Group(links))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "bytes ")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "an HTML page")]
    [InlineData("PK\u0003\u0004 and more", "a zip archive")]
    [InlineData("anything else", "'anything'")]
    public void A_file_that_is_not_HDF5_is_reported_as_what_it_is(string content, string found) =>
        Assert.Contains(
            found == "bytes " ? "found '', expected an HDF5 file" : found,
            HostileHdf5.AssertRejected(System.Text.Encoding.ASCII.GetBytes(content)).Message,
            StringComparison.Ordinal
        );
}
