using System.IO.Pipes;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

/// <summary>Paths that are not regular files are rejected at once, without waiting.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void An_empty_file_is_rejected() =>
        Assert.Contains(
            "an empty file",
            ReadError(Create("empty", path => File.WriteAllBytes(path, []))),
            StringComparison.Ordinal
        );

    [Fact]
    [Requires("linux")]
    public void A_pipe_of_process_substitution_is_rejected()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        Assert.Contains(
            "a pipe",
            ReadError($"/proc/self/fd/{pipe.GetClientHandleAsString()}"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_rejected_as_such()
    {
        var message = ReadError(folder.PathOf("f\uFFFDr.wav")); // as .NET lists it
        Assert.Contains("a name that is not UTF-8", message, StringComparison.Ordinal);
        Assert.Contains("convmv", message, StringComparison.Ordinal);
        Assert.Contains("no such file", ReadError(folder.PathOf("missing.wav")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_is_read_as_the_file()
    {
        var file = Create("file", path => File.WriteAllText(path, "text"));
        File.CreateSymbolicLink(folder.PathOf("link"), file);
        using var stream = InputFile.Open(folder.PathOf("link"), "text");
        Assert.Equal(4, stream.Length);
    }

    public void Dispose() => folder.Dispose();

    private string Create(string name, Action<string> make)
    {
        var path = folder.PathOf(name);
        make(path);
        return path;
    }

    private static string ReadError(string path)
    {
        var opening = Task.Run(
            () => Assert.Throws<InvalidFileException>(() => InputFile.Open(path, "a file")),
            TestContext.Current.CancellationToken
        );
        Assert.True(
            opening.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken),
            "opening waits for a writer"
        );
        return opening.Result.Message;
    }
}
