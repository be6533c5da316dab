using System.Diagnostics;
using AttnCrnn.IO;

namespace AttnCrnn.IntegrationTests.IO;

/// <summary>A named pipe without a writer, which a read would wait for.</summary>
public sealed class NamedPipeTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Requires("unix")]
    public async Task A_named_pipe_is_rejected_without_waiting()
    {
        var path = folder.PathOf("fifo");
        using var mkfifo = Process.Start("mkfifo", [path]);
        mkfifo.WaitForExit();
        var opening = Task.Run(() => Assert.Throws<InvalidFileException>(() => InputFile.Open(path, "a file")));
        var exception = await opening.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("a pipe", exception.Message, StringComparison.Ordinal);
    }
}
