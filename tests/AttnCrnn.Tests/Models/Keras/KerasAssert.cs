using AttnCrnn.Models;
using AttnCrnn.Models.Keras;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Assertions that an archive is rejected with a message.</summary>
internal static class KerasAssert
{
    private const long MaxBytes = 64 << 20;

    /// <summary>The labels of the archives in tests/fixtures/keras.</summary>
    public static readonly string[] Labels = ["n", "c", "h", "s", "a", "f"];

    /// <summary>Asserts that an archive is rejected in one line that names it.</summary>
    public static void Rejected(string path, string expected)
    {
        var fault = Assert.Throws<InvalidFileException>(() => ModelFile.Read(path, Labels));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    /// <summary>Asserts that an archive is rejected in bounded memory.</summary>
    public static void RejectedInBoundedMemory(string path, string expected)
    {
        // From a stream everything is read on this thread, so that all allocations are counted.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidFileException>(() =>
            ModelFile.Read(
                KerasArchive.Read(path, File.OpenRead(path), ModelDescription.Entry),
                null,
                withOptimizer: false
            )
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes);
        var fault = Assert.Throws<InvalidFileException>(() => ModelFile.Read(path));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, fault.Message, StringComparison.Ordinal);
    }
}
