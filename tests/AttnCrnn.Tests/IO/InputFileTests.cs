using System.Diagnostics;
using System.IO.Pipes;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

/// <summary>Names that are no file to read from: refused at once, and not waited for.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    [Fact]
    public void An_empty_file_is_refused() =>
        Assert.Contains(
            "an empty file",
            Refusal(Made("empty", path => File.WriteAllBytes(path, []))),
            StringComparison.Ordinal
        );

    [Fact]
    [Requires("unix")]
    public void A_named_pipe_that_nobody_writes_to_is_refused_and_not_waited_for()
    {
        Assert.Contains(
            "a pipe",
            Refusal(Made("fifo", path => Process.Start("mkfifo", [path]).WaitForExit())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Requires("linux")]
    public void What_a_shell_hands_on_through_a_pipe_is_refused()
    {
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        Assert.Contains("a pipe", Refusal($"/proc/self/fd/{pipe.GetClientHandleAsString()}"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_to_a_file_is_read_as_the_file()
    {
        var file = Made("file", path => File.WriteAllText(path, "text"));
        File.CreateSymbolicLink(folder.At("link"), file);
        using var stream = InputFile.Open(folder.At("link"), "text");
        Assert.Equal(4, stream.Length);
    }

    public void Dispose() => folder.Dispose();

    private string Made(string name, Action<string> make)
    {
        var path = folder.At(name);
        make(path);
        return path;
    }

    private static string Refusal(string path)
    {
        var opening = Task.Run(
            () => Assert.Throws<InvalidFileException>(() => InputFile.Open(path, "a file")),
            TestContext.Current.CancellationToken
        );
        Assert.True(opening.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken), "it is waited for");
        return opening.Result.Message;
    }
}
