using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>An epoch's line in a run's log.</summary>
public sealed partial record EpochLine
{
    /// <summary>From 1; null without cross-validation.</summary>
    public required int? Fold { get; init; }

    /// <summary>The number of folds; null without cross-validation.</summary>
    public required int? Folds { get; init; }

    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The maximum number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>Mean training loss.</summary>
    public required double Loss { get; init; }

    /// <summary>Training accuracy, 0 to 1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Validation loss.</summary>
    public required double ValLoss { get; init; }

    /// <summary>Validation accuracy, 0 to 1.</summary>
    public required double ValAccuracy { get; init; }

    /// <summary>Unweighted average recall on the validation set, 0 to 1.</summary>
    public required double ValUar { get; init; }

    /// <summary>The learning rate of the epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Upper bound of the time until the run or the fold ends.</summary>
    public required TimeSpan TimeRemaining { get; init; }

    /// <summary>Whether the epoch is the best so far.</summary>
    public required bool IsBest { get; init; }

    /// <summary>Parses a line of the log.</summary>
    /// <returns>null if the line is not an epoch's.</returns>
    public static EpochLine? Parse(string line)
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
            + @"lr (?<lr>[\d.E-]+)  .* up to (?<left>\d{1,4}(:\d\d){1,2}) left(?<best>  best)?$"
    )]
    private static partial Regex Pattern();
}
