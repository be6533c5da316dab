using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Logs of finished local runs, part of which was shown before.</summary>
public sealed class LogCursorTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string LocalFolder => folder.PathOf("here");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a\nb\nc\n", "")] // nothing is new
    [InlineData("a\nb\nc\nd\n", "d")]
    [InlineData("a\nb\nd\ne\nf\n", "d e f")] // longer than the shown part
    [InlineData("a\nb\nd\n", "d")] // same length
    [InlineData("a\nd", "d")] // shorter
    [InlineData("a\nb\n", "")]
    [InlineData("", "")]
    [InlineData("other\nb\nc\nd\n", "other b c d")]
    public async Task Lines_after_the_last_common_line_are_shown_once(string log, string expected)
    {
        Assert.Equal(["a", "b", "c"], await Follow("a\nb\nc\n"));
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), await Follow(log));
        Assert.Empty(await Follow(log));
        Assert.Equal(["the", "end"], (await Follow(log + (log.EndsWith('d') ? "\n" : "") + "the\nend\n")).TakeLast(2));
    }

    [Theory]
    [InlineData(4, "a\nb\nc\nd\n", "c d")]
    [InlineData(4, "a\n", "a")] // the cursor belongs to another log
    public async Task A_log_position_stored_by_an_older_version_is_used(int place, string log, string expected)
    {
        Directory.CreateDirectory(LocalFolder);
        File.WriteAllText(Path.Combine(LocalFolder, ".shown"), $"{place:D19}");
        Assert.Equal(expected.Split(' '), await Follow(log));
        Assert.Empty(await Follow(log));
        Assert.Equal(["new"], await Follow(log + "new\n"));
        Assert.Equal(["another", "log", "of", "the", "run"], await Follow("another\nlog\nof\nthe\nrun\n"));
    }

    [Fact]
    public async Task A_line_that_could_not_be_printed_is_printed_next_time()
    {
        Write("a\nb\n");
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Follow(line =>
            {
                if (line == "b")
                    throw new InvalidOperationException();
            })
        );
        Assert.Equal(["b"], await Follow("a\nb\n"));
    }

    private async Task<IReadOnlyList<string>> Follow(string log)
    {
        var lines = new List<string>();
        Write(log);
        await Follow(lines.Add);
        return lines;
    }

    private async Task Follow(Action<string> show)
    {
        using var cursor = new LogCursor(LocalFolder);
        var follower = new LogFollower(
            new LocalMachine(),
            new TmuxJobRunner(),
            folder.Path,
            "s",
            "run",
            cursor,
            new(_ => { }, TimeProvider.System)
        )
        {
            ShowEvents = _ => { },
            ShowLine = show,
            ReportMessage = _ => { },
        };
        Assert.Equal(0, await follower.RunAsync(TestContext.Current.CancellationToken));
    }

    private void Write(string log)
    {
        var runFolder = Directory.CreateDirectory(folder.PathOf("logs", "run")).FullName;
        File.WriteAllText(Path.Combine(runFolder, "remote.log"), log);
        File.WriteAllText(Path.Combine(runFolder, "exit_code"), "0\n");
    }
}
