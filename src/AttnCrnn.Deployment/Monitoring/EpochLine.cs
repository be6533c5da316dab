using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>An epoch as a run's log tells of it.</summary>
/// <param name="Fold">From 1; null: no folds.</param>
/// <param name="TimeRemaining">At most, until the run or the fold ends.</param>
/// <param name="IsBest">Whether it is the best so far.</param>
public sealed partial record EpochLine(
    int? Fold,
    int? Folds,
    int Epoch,
    int Epochs,
    double Loss,
    double Accuracy,
    double ValLoss,
    double ValAccuracy,
    double ValUar,
    double LearningRate,
    TimeSpan TimeRemaining,
    bool IsBest
)
{
    /// <summary>An epoch's line of a log.</summary>
    /// <returns>null where the line tells of something else.</returns>
    public static EpochLine? Parse(string line)
    {
        var match = Pattern().Match(line);
        if (!match.Success)
            return null;
        double Number(string name) => double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture);
        int? Whole(string name) =>
            match.Groups[name] is { Success: true, Value: var text }
                ? int.Parse(text, CultureInfo.InvariantCulture)
                : null;
        return new(
            Whole("fold"),
            Whole("folds"),
            (int)Number("epoch"),
            (int)Number("epochs"),
            Number("loss"),
            Number("accuracy"),
            Number("val_loss"),
            Number("val_accuracy"),
            Number("val_uar"),
            Number("lr"),
            TimeOf(match.Groups["left"].Value),
            match.Groups["best"].Success
        );
    }

    // h:mm:ss or m:ss.
    private static TimeSpan TimeOf(string text) =>
        TimeSpan.FromSeconds(
            text.Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + int.Parse(part, CultureInfo.InvariantCulture))
        );

    [GeneratedRegex(
        @"^(fold (?<fold>\d{1,6})/(?<folds>\d{1,6}) )?epoch (?<epoch>\d{1,6})/(?<epochs>\d{1,6})  loss (?<loss>[\d.]+)  accuracy (?<accuracy>[\d.]+)  val_loss (?<val_loss>[\d.]+)  val_accuracy (?<val_accuracy>[\d.]+)  val_uar (?<val_uar>[\d.]+)  lr (?<lr>[\d.E-]+)  .* up to (?<left>\d{1,4}(:\d\d){1,2}) left(?<best>  best)?$"
    )]
    private static partial Regex Pattern();
}
