using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Malicious, damaged or unsupported HDF5 files: rejected by name, in bounded time and memory.</summary>
public sealed class HostileHdf5Tests
{
    [Fact]
    public void A_file_truncated_anywhere_is_rejected()
    {
        foreach (var image in (byte[][])[Hdf5SweepTests.NewStyle, Hdf5SweepTests.OldStyle])
            for (var length = 0; length < image.Length; length++)
                HostileHdf5.AssertRejected(image[..length]);
    }

    [Fact]
    public void A_deeply_nested_file_is_rejected_by_its_path_length()
    {
        var builder = new Hdf5Builder();
        var group = builder.Group();
        for (var i = 0; i < 20_000; i++)
            group = builder.Group(Link("a", group));
        Assert.Contains(
            "a path of 513 characters",
            HostileHdf5.AssertRejected(builder.File(group)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_of_too_many_objects_is_rejected()
    {
        var builder = new Hdf5Builder();
        var links = Enumerable.Range(0, 30_000).Select(i => Link($"{i}", builder.Next + 1 + i)).ToArray();
        Assert.Contains(
            "more than 20000 groups and arrays",
            HostileHdf5.AssertRejected(builder.File(builder.Group(links))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "bytes ")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "an HTML page")]
    [InlineData("PK\u0003\u0004 and more", "a zip archive")]
    [InlineData("anything else", "'anything'")]
    public void A_file_that_is_not_HDF5_is_identified(string content, string found) =>
        Assert.Contains(
            found == "bytes " ? "found '', expected an HDF5 file" : found,
            HostileHdf5.AssertRejected(System.Text.Encoding.ASCII.GetBytes(content)).Message,
            StringComparison.Ordinal
        );
}
