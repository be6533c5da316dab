using System.Globalization;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Lines of a run's log as they fit a terminal; whole in a file.</summary>
internal static class LogText
{
    /// <param name="width">Columns; null: no terminal.</param>
    public static IEnumerable<string> Fit(string line, int? width) =>
        width is not { } columns ? [line]
        : EpochLine.Parse(line) is { } epoch ? [Short(epoch, columns)]
        : Wrap(line, columns, 0);

    /// <summary>By words, under each other: a terminal would cut them anywhere. A word longer than a line is cut.</summary>
    /// <param name="indent">Spaces before all lines but the first, which may begin with a label of so many letters.</param>
    public static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        var lead = text.Length - text.TrimStart(' ').Length;
        var (line, isNew) = (text[..lead], true);
        foreach (var word in text[lead..].Split(' '))
        {
            // Behind a label there is always a word: it would stand there alone otherwise.
            if (!isNew && line.Length >= Math.Max(indent, 1) && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = new string(' ', indent) + word;
            }
            else
                line = isNew ? line + word : $"{line} {word}";
            for (
                ;
                line.Length > Math.Max(width, indent + 1);
                line = new string(' ', indent) + line[Math.Max(width, indent + 1)..]
            )
                yield return line[..Math.Max(width, indent + 1)];
            isNew = false;
        }
        yield return line;
    }

    private static string Short(EpochLine epochLine, int width)
    {
        var fold = epochLine.Fold is { } k ? $"{k}/{epochLine.Folds} " : "";
        var left =
            epochLine.TimeRemaining.TotalHours >= 1
                ? epochLine.TimeRemaining.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture)
                : epochLine.TimeRemaining.ToString(@"m\:ss", CultureInfo.InvariantCulture);
        var wide = string.Create(
            CultureInfo.InvariantCulture,
            $"{fold}epoch {epochLine.Epoch, 3}/{epochLine.Epochs}  loss {epochLine.Loss:0.000} acc {epochLine.Accuracy:0.000}  val {epochLine.ValLoss:0.000} acc {epochLine.ValAccuracy:0.000} UAR {epochLine.ValUar:0.000}  {left} left"
        );
        return wide.Length <= width
            ? wide
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{fold}{epochLine.Epoch, 3}/{epochLine.Epochs} loss {epochLine.Loss:0.00} val {epochLine.ValLoss:0.00} UAR {epochLine.ValUar:0.000}"
            );
    }
}
