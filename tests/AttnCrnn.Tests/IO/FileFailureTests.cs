using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

/// <summary>The reason of a failed file operation comes from the type and the code of its exception.</summary>
public sealed class FileFailureTests
{
    // errno on Linux, errno on macOS, code on Windows.
    [Theory]
    [InlineData(28, 28, 112, "the disk is full")]
    [InlineData(122, 69, 1295, "the disk quota is exceeded")]
    [InlineData(30, 30, 19, "the file system is read-only")]
    [InlineData(11, 35, 32, "another process uses it")]
    [InlineData(17, 17, 183, "a file with this name exists")]
    [InlineData(20, 20, 267, "a part of the path is a file, not a folder")]
    [InlineData(9999, 9999, 9999, "the system reports error 9999")]
    public void An_error_code_has_a_reason(int linux, int macOS, int windows, string expected)
    {
        var code =
            OperatingSystem.IsWindows() ? unchecked((int)0x80070000) | windows
            : OperatingSystem.IsMacOS() ? macOS
            : linux;
        Assert.Equal(expected, FileFailure.Describe(new IOException("not shown", code)));
    }

    public static TheoryData<Exception, string> Types =>
        new()
        {
            { new UnauthorizedAccessException("not shown"), "permission denied" },
            { new FileNotFoundException("not shown"), "no such file" },
            { new DirectoryNotFoundException("not shown"), "no such folder" },
            { new PathTooLongException("not shown"), "the path is too long" },
            { new EndOfStreamException("not shown"), "the file ends too early" },
        };

    [Theory]
    [MemberData(nameof(Types), DisableDiscoveryEnumeration = true)]
    public void A_type_has_a_reason(Exception exception, string expected) =>
        Assert.Equal(expected, FileFailure.Describe(exception));

    [Fact]
    public void A_file_as_a_folder_is_recognized()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.PathOf("file"), "");
        var error = Record.Exception(() => File.WriteAllText(Path.Combine(folder.PathOf("file"), "x"), ""))!;
        Assert.DoesNotContain("error", FileFailure.Describe(error), StringComparison.Ordinal);
    }
}
