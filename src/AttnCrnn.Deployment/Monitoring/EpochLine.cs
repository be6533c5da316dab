using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>The line of an epoch in the text log of a run of version 0.1, which has no progress.jsonl.</summary>
public static partial class EpochLine
{
    /// <summary>Parses a line of the log.</summary>
    /// <returns>null if the line is not an epoch's.</returns>
    public static EpochProgress? Parse(string line)
    {
        var match = Pattern().Match(line);
        if (!match.Success)
            return null;
        double Number(string name) => double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        int? Integer(string name) =>
            match.Groups[name] is { Success: true, Value: var text }
                ? int.Parse(text, CultureInfo.InvariantCulture)
                : null;
        return new()
        {
            Fold = Integer("fold"),
            Folds = Integer("folds"),
            Epoch = (int)Number("epoch"),
            Epochs = (int)Number("epochs"),
            Loss = Number("loss"),
            Accuracy = Number("accuracy"),
            ValLoss = Number("val_loss"),
            ValAccuracy = Number("val_accuracy"),
            ValUar = Number("val_uar"),
            LearningRate = Number("lr"),
            TimeRemaining = ParseTime(match.Groups["left"].Value),
            IsBest = match.Groups["best"].Success,
            Seconds = Number("seconds"),
        };
    }

    // h:mm:ss or m:ss.
    private static TimeSpan ParseTime(string text) =>
        TimeSpan.FromSeconds(
            text.Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + int.Parse(part, CultureInfo.InvariantCulture))
        );

    [GeneratedRegex(
        @"^(fold (?<fold>\d{1,6})/(?<folds>\d{1,6}) )?epoch (?<epoch>\d{1,6})/(?<epochs>\d{1,6})  "
            + @"loss (?<loss>[\d.]+)  accuracy (?<accuracy>[\d.]+)  "
            + @"val_loss (?<val_loss>[\d.]+)  val_accuracy (?<val_accuracy>[\d.]+)  val_uar (?<val_uar>[\d.]+)  "
            + @"lr (?<lr>[\d.E-]+)  (?<seconds>[\d.]+) s  .* up to (?<left>\d{1,4}(:\d\d){1,2}) left(?<best>  best)?$"
    )]
    private static partial Regex Pattern();
}
