using System.Globalization;
using AttnCrnn.Remote;

namespace AttnCrnn.Cli.Terminal;

/// <summary>A run's log, line by line as it grows: whole in a file, and on a terminal what fits it.</summary>
internal sealed class LiveView(Shell shell)
{
    private readonly TrainingStory story = new();

    public void Show(string line)
    {
        var epoch = EpochLine.Parse(line);
        shell.Print(epoch is not null && shell.Width is { } width ? Short(epoch, width) : line);
        if (epoch is null) return;
        foreach (var remark in story.After(epoch)) shell.Print($"  {remark}");
    }

    private static string Short(EpochLine of, int width)
    {
        var fold = of.Fold is { } k ? $"{k}/{of.Folds} " : "";
        var left = of.Left.TotalHours >= 1 ? of.Left.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : of.Left.ToString(@"m\:ss", CultureInfo.InvariantCulture);
        return width >= 78
            ? string.Create(CultureInfo.InvariantCulture, $"{fold}epoch {of.Epoch,3}/{of.Epochs}  loss {of.Loss:0.000} acc {of.Accuracy:0.000}  val {of.ValLoss:0.000} acc {of.ValAccuracy:0.000} UAR {of.ValUar:0.000}  {left} left")
            : string.Create(CultureInfo.InvariantCulture, $"{fold}{of.Epoch,3}/{of.Epochs} loss {of.Loss:0.00} val {of.ValLoss:0.00} UAR {of.ValUar:0.000}");
    }
}
