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
    public static void AssertRejected(string path, string expected)
    {
        var exception = Assert.Throws<InvalidFileException>(() => ModelFile.Read(path, Labels));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    /// <summary>Asserts that an archive is rejected in bounded memory.</summary>
    public static void AssertRejectedInBoundedMemory(string path, string expected)
    {
        // From a stream everything is read on this thread, so that all allocations are counted.
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidFileException>(() =>
            ModelFile.Read(
                KerasArchive.Read(path, File.OpenRead(path), ModelDescription.Entry),
                null,
                withOptimizer: false
            )
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, MaxBytes);
        var exception = Assert.Throws<InvalidFileException>(() => ModelFile.Read(path));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, exception.Message, StringComparison.Ordinal);
    }
}
