using System.Globalization;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Fits the lines of a run's log to the width of a terminal.</summary>
internal static class LogText
{
    /// <param name="width">Columns; null: no terminal, lines are unchanged.</param>
    public static IEnumerable<string> Fit(string line, int? width) =>
        width is not { } columns ? [line]
        : EpochLine.Parse(line) is { } epoch ? [FormatShort(epoch, columns)]
        : Wrap(line, columns, 0);

    /// <summary>Wraps a text at spaces; a word longer than a line is split.</summary>
    /// <param name="indent">Indentation of all lines but the first, whose label may have the same width.</param>
    public static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        var indentLength = text.Length - text.TrimStart(' ').Length;
        var line = text[..indentLength];
        var isNew = true;
        foreach (var word in text[indentLength..].Split(' '))
        {
            // A label is always followed by a word on its line.
            if (!isNew && line.Length >= Math.Max(indent, 1) && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = new string(' ', indent) + word;
            }
            else
                line = isNew ? line + word : $"{line} {word}";
            var maxLength = Math.Max(width, indent + 1);
            for (; line.Length > maxLength; line = new string(' ', indent) + line[maxLength..])
                yield return line[..maxLength];
            isNew = false;
        }
        yield return line;
    }

    private static string FormatShort(EpochProgress epoch, int width)
    {
        var fold = epoch.Fold is { } k ? $"{k}/{epoch.Folds} " : "";
        var timeRemaining = DurationText.Format(epoch.TimeRemaining ?? TimeSpan.Zero);
        var training = string.Create(
            CultureInfo.InvariantCulture,
            $"loss {epoch.Loss:0.000} acc {epoch.Accuracy:0.000}"
        );
        var validation = string.Create(
            CultureInfo.InvariantCulture,
            $"val {epoch.ValLoss:0.000} acc {epoch.ValAccuracy:0.000} UAR {epoch.ValUar:0.000}"
        );
        var line = $"{fold}epoch {epoch.Epoch, 3}/{epoch.Epochs}  {training}  {validation}  {timeRemaining} left";
        if (line.Length <= width)
            return line;
        var metrics = string.Create(
            CultureInfo.InvariantCulture,
            $"loss {epoch.Loss:0.00} val {epoch.ValLoss:0.00} UAR {epoch.ValUar:0.000}"
        );
        return $"{fold}{epoch.Epoch, 3}/{epoch.Epochs} {metrics}";
    }
}
