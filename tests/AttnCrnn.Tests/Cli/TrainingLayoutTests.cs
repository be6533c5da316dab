using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Tests.Cli;

/// <summary>What a terminal of a given width shows of a training.</summary>
public sealed class TrainingLayoutTests
{
    private static readonly ProgressLine Line = new()
    {
        Fold = 2,
        Folds = 5,
        Epoch = 12,
        Epochs = 30,
        Fraction = 0.286,
        Remaining = new TimeSpan(1, 2, 3),
        Loss = 0.5123,
        Speed = "612 augmented clips/s",
    };

    private static readonly EpochProgress Row = new()
    {
        Fold = 2,
        Folds = 5,
        Epoch = 12,
        Epochs = 30,
        Loss = 0.5123,
        Accuracy = 0.8012,
        ValLoss = 0.7001,
        ValAccuracy = 0.75,
        ValUar = 0.7333,
        LearningRate = 0.0005,
        Seconds = 12.34,
        TimeRemaining = null,
        IsBest = true,
    };

    [Theory]
    [InlineData(30, "fold 2/5  epoch 12/30  28%")]
    [InlineData(59, "fold 2/5  epoch 12/30  28%  up to 1:02:03 left  loss 0.512")]
    [InlineData(79, "fold 2/5  epoch 12/30  28%  up to 1:02:03 left  loss 0.512")]
    [InlineData(81, "fold 2/5  epoch 12/30  28%  up to 1:02:03 left  loss 0.512  612 augmented clips/s")]
    [InlineData(
        100,
        "fold 2/5  epoch 12/30  "
            // The bar is 17 columns wide.
            + "━━━━─────────────"
            // What follows it.
            + "  28%  up to 1:02:03 left  loss 0.512  612 augmented clips/s"
    )]
    [InlineData(
        119,
        "fold 2/5  epoch 12/30  "
            + "━━━━━━━━──────────────────────  "
            + "28%  up to 1:02:03 left  loss 0.512  "
            + "612 augmented clips/s"
    )]
    public void The_progress_line_omits_its_last_parts_whole(int width, string expected)
    {
        Assert.Equal(expected, Line.Format(width));
        Assert.InRange(expected.Length, 1, width);
    }

    [Fact]
    public void The_table_shows_every_column_at_120_columns()
    {
        var table = new EpochTable(epochs: 30, folds: 5, width: 119);
        Assert.Equal(
            "fold  epoch    loss  accuracy  val_loss  val_accuracy  val_uar        lr      s  best",
            table.Header
        );
        Assert.Equal(
            " 2/5  12/30  0.5123    0.8012    0.7001        0.7500   0.7333    0.0005   12.3  best",
            table.FormatRow(Row)
        );
    }

    [Fact]
    public void At_80_columns_the_table_omits_the_duration_of_an_epoch_with_folds_only()
    {
        Assert.Equal(
            "epoch    loss  accuracy  val_loss  val_accuracy  val_uar        lr      s  best",
            new EpochTable(epochs: 30, folds: null, width: 79).Header
        );
        Assert.Equal(
            "fold  epoch    loss  accuracy  val_loss  val_accuracy  val_uar        lr  best",
            new EpochTable(epochs: 30, folds: 5, width: 79).Header
        );
    }

    [Theory]
    [InlineData(59, "fold  epoch    loss  val_loss  val_accuracy  val_uar  best")]
    [InlineData(40, "fold  epoch  val_accuracy  val_uar  best")]
    [InlineData(20, "fold  epoch  best")]
    public void A_narrower_table_keeps_the_validation_metrics_and_the_best_epoch(int width, string header)
    {
        var table = new EpochTable(epochs: 30, folds: 5, width);
        Assert.Equal(header, table.Header);
        Assert.Equal(header.Length, table.FormatRow(Row).Length);
    }

    [Theory]
    [InlineData(123.4567, "123.46")]
    [InlineData(1234567.8, " 1e+6")]
    [InlineData(double.NaN, "NaN")]
    public void A_wide_number_keeps_the_columns_aligned(double loss, string expected)
    {
        var table = new EpochTable(epochs: 30, folds: null, width: 79);
        var text = table.FormatRow(Row with { Loss = loss });
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.Equal(table.Header.Length, text.Length);
    }

    [Fact]
    public void A_message_breaks_at_spaces_and_keeps_long_words()
    {
        const string path = "/a/very/long/path/that/does/not/fit";
        Assert.Equal(
            ["classes angry,", "  fearful, sad"],
            MessageText.Wrap("classes angry, fearful, sad", width: 14, indent: 2)
        );
        Assert.Equal(["see", path, "there"], MessageText.Wrap($"see {path} there", width: 10, indent: 0));
        Assert.Equal(["short"], MessageText.Wrap("short", width: 14, indent: 2));
    }
}
