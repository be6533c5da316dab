namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>What a terminal shows of a training.</summary>
[Requires("unix", "tmux")]
public sealed class TrainingTerminalTests : IDisposable
{
    private readonly TempFolder folder = new();

    public TrainingTerminalTests() =>
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 48, clipsPerSpeaker: 6);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task A_terminal_shows_a_table_of_epochs(int columns)
    {
        using var terminal = new TerminalSession(
            folder.Path,
            columns,
            ["train", "--data_dirs", "store", "--epochs", "3", "--batch_size", "8", "--copies", "2"]
        );
        var screen = await terminal.WaitForExitAsync();

        var header = screen.ToList().FindIndex(line => line.Contains("val_loss", StringComparison.Ordinal));
        Assert.Equal(
            "epoch    loss  accuracy  val_loss  val_accuracy  val_uar        lr      s  best",
            screen[header].TrimEnd()
        );
        Assert.All(Enumerable.Range(1, 3), epoch =>
            Assert.Matches($@"^  {epoch}/3( +\d\.\d{{4}}){{5}} +0\.001 +\d+\.\d(  best)?$", screen[header + epoch])
        );
        Assert.EndsWith("  best", screen[header + 1], StringComparison.Ordinal);
        Assert.DoesNotContain(screen, line => line.Contains(" left", StringComparison.Ordinal)); // the progress line
        // The line of a log.
        Assert.DoesNotContain(screen, line => line.Contains("epoch 1/3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(80, "  loss ")]
    [InlineData(120, " augmented clips/s")]
    public async Task One_line_of_progress_is_below_the_table(int columns, string lastPart)
    {
        using var terminal = new TerminalSession(
            folder.Path,
            columns,
            [
                "train",
                "--data_dirs",
                "store",
                "--epochs",
                "20000",
                "--patience",
                "20000",
                "--folds",
                "3",
                "--copies",
                "2",
            ]
        );
        var screen = await terminal.WaitForAsync("10/20000");

        await terminal.InterruptAsync();

        Assert.Matches(@"^fold 1/3  epoch \d+/20000  ", screen[^1]);
        Assert.Contains(lastPart, screen[^1], StringComparison.Ordinal);
        Assert.Single(screen, line => line.Contains(" left", StringComparison.Ordinal));
        Assert.Contains(screen, line => line.StartsWith("fold ", StringComparison.Ordinal) && line.Contains("val_uar"));
    }

    [Fact]
    public async Task Messages_break_between_words()
    {
        using var terminal = new TerminalSession(
            folder.Path,
            60,
            ["train", "--data_dirs", "store", "--epochs", "1", "--batch_size", "8"]
        );
        var screen = await terminal.WaitForExitAsync();
        var first = screen
            .ToList()
            .FindIndex(line => line.StartsWith("Speakers were assigned", StringComparison.Ordinal));
        var text = string.Join(' ', screen.Skip(first).Take(4).Select(line => line.TrimEnd()));
        Assert.Contains("No speaker is in more than one subset. Size: train ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_gets_a_line_per_epoch()
    {
        var (code, _, error) = BuiltProgram.Run(
            folder.Path,
            ["train", "--data_dirs", "store", "--epochs", "2", "--batch_size", "8", "--copies", "2"]
        );
        Assert.True(code == 0, error);
        Assert.Matches(
            @"(?m)^epoch 1/2  loss \d\.\d{4}  accuracy \d\.\d{4}  val_loss \d\.\d{4}  val_accuracy \d\.\d{4}  "
                + @"val_uar \d\.\d{4}  lr 0\.001  \d+\.\d s  \d+ augmented clips/s  up to \d+:\d\d left  best$",
            error
        );
        Assert.DoesNotContain("\u001b", error, StringComparison.Ordinal);
    }
}
