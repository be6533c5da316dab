using AttnCrnn.Formats.Hdf5;

namespace AttnCrnn.Testing.Formats;

/// <summary>Files that must be rejected, and the assertion that they are.</summary>
internal static class HostileHdf5
{
    /// <summary>A file whose root group is built by a function.</summary>
    public static (string Name, byte[] Image, string Message) Create(
        string name,
        Func<Hdf5Builder, long> root,
        string message
    )
    {
        var builder = new Hdf5Builder();
        return (name, builder.File(root(builder)), message);
    }

    /// <summary>The same with an old-style superblock.</summary>
    public static (string Name, byte[] Image, string Message) CreateOld(
        string name,
        Func<Hdf5Builder, long> root,
        string message
    )
    {
        var builder = new Hdf5Builder();
        return ($"old: {name}", builder.OldFile(root(builder)), message);
    }

    public static TheoryData<string, byte[], string> ToData(
        IEnumerable<(string Name, byte[] Image, string Message)> files
    )
    {
        var data = new TheoryData<string, byte[], string>();
        foreach (var (name, image, message) in files)
            data.Add(name, image, message);
        return data;
    }

    /// <summary>Asserts that a file is rejected by its name, in bounded memory.</summary>
    public static InvalidFileException AssertRejected(byte[] image)
    {
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidFileException>(() =>
            Hdf5Reader.Read("hostile.keras: model.weights.h5", image)
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 16 << 20);
        Assert.StartsWith("hostile.keras: model.weights.h5", exception.Message, StringComparison.Ordinal);
        Assert.All([exception.Found, exception.Expected, exception.Remedy], Assert.NotEmpty);
        return exception;
    }
}
