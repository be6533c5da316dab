using System.Globalization;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Shows a training: on a terminal a table of its epochs above one line of progress, elsewhere a line per epoch.
/// </summary>
/// <param name="folds">Number of folds of the run; null without folds.</param>
/// <param name="trainedFolds">Number of folds that this process trains, at least 1.</param>
internal sealed class TrainingDisplay(ConsoleOutput console, TimeProvider clock, int? folds, int trainedFolds)
    : IDisposable
{
    // Faster redraws are not legible and cost time over a slow connection.
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(100);

    private readonly bool isLive = console.SupportsProgressBars;
    private EpochTable? table;
    private long? lastDraw;

    /// <summary>Shows the progress of a fold.</summary>
    /// <param name="fold">From 1; null without folds.</param>
    /// <param name="finishedFolds">Number of folds that this process has trained before.</param>
    public void Show(TrainingProgress progress, int? fold, int finishedFolds)
    {
        if (!isLive)
            return;
        if (progress.LastEpoch is null && lastDraw is { } time && clock.GetElapsedTime(time) < RedrawInterval)
            return;
        lastDraw = clock.GetTimestamp();
        var foldFraction = (progress.Epoch - 1 + ((double)progress.Step / progress.Steps)) / progress.Epochs;
        var line = new ProgressLine
        {
            Fold = fold,
            Folds = folds,
            Epoch = progress.Epoch,
            Epochs = progress.Epochs,
            Fraction = (finishedFolds + foldFraction) / trainedFolds,
            Remaining = progress.EstimateRemaining(trainedFolds - finishedFolds - 1),
            Loss = progress.Loss,
            Speed = TrainingSpeed.Format(progress),
        };
        // In the last column, some terminals would continue on the next line.
        console.ShowStatusLine(line.Format(ConsoleOutput.MessageWidth - 1));
    }

    /// <summary>Shows an epoch that has ended.</summary>
    /// <param name="line">The epoch where there is no terminal.</param>
    public void ShowEpoch(EpochMetrics metrics, TrainingProgress progress, int? fold, string line)
    {
        if (!isLive)
        {
            console.WriteMessage(line);
            return;
        }
        if (table is null)
        {
            table = new(progress.Epochs, folds, ConsoleOutput.MessageWidth - 1);
            console.WriteMessage(table.Header);
        }
        console.WriteMessage(
            table.FormatRow(
                new()
                {
                    Fold = fold,
                    Folds = folds,
                    Epoch = metrics.Epoch,
                    Epochs = progress.Epochs,
                    Loss = metrics.Loss,
                    Accuracy = metrics.Accuracy,
                    ValLoss = metrics.ValLoss,
                    ValAccuracy = metrics.ValAccuracy,
                    ValUar = metrics.ValUar,
                    LearningRate = metrics.LearningRate,
                    Seconds = metrics.Seconds,
                    TimeRemaining = null,
                    IsBest = progress.IsBest,
                }
            )
        );
    }

    /// <summary>The line of an epoch in a log. Version 0.1 parses it in the logs of other machines.</summary>
    /// <param name="remaining">Upper bound of the time until the last fold ends.</param>
    public static string FormatEpoch(EpochMetrics metrics, TrainingProgress progress, TimeSpan remaining) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"epoch {metrics.Epoch}/{progress.Epochs}  loss {metrics.Loss:0.0000}  accuracy {metrics.Accuracy:0.0000}"
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"  val_loss {metrics.ValLoss:0.0000}  val_accuracy {metrics.ValAccuracy:0.0000}"
        )
        + string.Create(
            CultureInfo.InvariantCulture,
            $"  val_uar {metrics.ValUar:0.0000}  lr {metrics.LearningRate:0.######}  {metrics.Seconds:0.0} s"
        )
        + $"  {TrainingSpeed.Format(progress)}  up to {DurationText.Format(remaining)} left"
        + (progress.IsBest ? "  best" : "");

    public void Dispose() => console.ShowStatusLine("");
}
