using AttnCrnn.Formats.Hdf5;

namespace AttnCrnn.Testing.Formats;

/// <summary>Files that must be rejected, and the assertion that they are.</summary>
internal static class HostileHdf5
{
    /// <summary>A file whose root group is built by a function.</summary>
    public static (string Name, byte[] Image, string Fault) Create(
        string name,
        Func<Hdf5Builder, long> root,
        string fault
    )
    {
        var builder = new Hdf5Builder();
        return (name, builder.File(root(builder)), fault);
    }

    /// <summary>The same with an old-style superblock.</summary>
    public static (string Name, byte[] Image, string Fault) CreateOld(
        string name,
        Func<Hdf5Builder, long> root,
        string fault
    )
    {
        var builder = new Hdf5Builder();
        return ($"old: {name}", builder.OldFile(root(builder)), fault);
    }

    public static TheoryData<string, byte[], string> ToData(
        IEnumerable<(string Name, byte[] Image, string Fault)> files
    )
    {
        var data = new TheoryData<string, byte[], string>();
        foreach (var (name, image, fault) in files)
            data.Add(name, image, fault);
        return data;
    }

    /// <summary>Asserts that a file is rejected by its name, in bounded memory.</summary>
    public static InvalidFileException AssertRejected(byte[] image)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidFileException>(() =>
            Hdf5Reader.Read("hostile.keras: model.weights.h5", image)
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.StartsWith("hostile.keras: model.weights.h5", fault.Message, StringComparison.Ordinal);
        Assert.All([fault.Found, fault.Expected, fault.Remedy], Assert.NotEmpty);
        return fault;
    }
}
