using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Shows a run: the lines of its log, with messages about changes of the learning rate and new best epochs; on a
/// terminal, a table of its epochs instead of their lines, and one line of progress.
/// </summary>
/// <param name="cursor">The epochs shown before, in this process or in another one.</param>
/// <param name="width">Columns of the terminal; null: no terminal.</param>
internal sealed class LiveView(ConsoleOutput console, EpochCursor cursor, int? width)
{
    private readonly TrainingLogSummary summary = new();
    private readonly RunProgress progress = new();
    private readonly HashSet<(ProgressEventKind Kind, int Seed, int Fold, int Epoch)> shownEvents = [];
    private RunSeed? shownSeed;
    private bool hasEvents; // a run of version 0.1 has none
    private EpochTable? table;

    /// <summary>Shows a line of the log.</summary>
    public void ShowLine(string line)
    {
        var epoch = EpochLine.Parse(line);
        if (hasEvents && epoch is not null && width is not null)
            return; // a row of the table
        foreach (var wrappedLine in LogText.Fit(line, width))
            console.WriteResult(wrappedLine);
        if (hasEvents || epoch is null)
            return;
        foreach (var message in summary.Update(epoch))
            ShowMessage(message);
    }

    /// <summary>Shows events of the run, after the lines of the log that were written before them.</summary>
    /// <param name="lines">Lines of progress.jsonl; none at the first call, before the first epoch of the log.</param>
    public void ShowEvents(IReadOnlyList<string> lines)
    {
        hasEvents = true;
        foreach (var line in lines)
            if (progress.AddLine(line) is { Epoch: not null } added)
                ShowEvent(added);
        ShowProgressLine();
    }

    /// <summary>Removes the line of progress.</summary>
    public void End() => ShowStatus("");

    private void ShowEvent(ProgressEvent added)
    {
        var number = added.Epoch!.Value;
        // A change of the learning rate is recorded with the epoch that follows.
        var endedEpoch = added.Kind == ProgressEventKind.LearningRate ? number - 1 : number;
        var isNew = shownEvents.Add((added.Kind, added.Seed?.Number ?? 1, added.Fold ?? 0, number));
        if (!isNew || cursor.WasShownBefore(added.Fold, endedEpoch, added.Seed))
            return;
        var fold = progress.FindFold(added.Fold, added.Seed)!;
        if (added.Kind == ProgressEventKind.Epoch && fold.LatestEpoch is { } epoch)
        {
            ShowRow(epoch);
            cursor.Add(added.Fold, number, added.Seed);
        }
        if (added.Kind == ProgressEventKind.Best && width is null && fold.BestEpoch is { } best)
            ShowMessage(TrainingLogSummary.FormatBest(best));
        if (
            added.Kind == ProgressEventKind.LearningRate
            && added.GetDouble("from") is { } previous
            && added.GetDouble("to") is { } next
        )
            ShowMessage(TrainingLogSummary.FormatLearningRate(previous, next, number));
    }

    // Without a terminal, the lines of the log show the epochs.
    private void ShowRow(EpochProgress epoch)
    {
        if (width is not { } columns)
            return;
        if (table is null)
        {
            table = new(epoch.Epochs, epoch.Folds, columns);
            console.WriteResult(table.Header);
        }
        if (epoch.Seed is { } seed && seed != shownSeed)
            console.WriteResult($"{seed}");
        shownSeed = epoch.Seed;
        console.WriteResult(table.FormatRow(epoch));
    }

    private void ShowMessage(string message)
    {
        foreach (var line in LogText.Wrap($"  {message}", width ?? int.MaxValue, 4))
            console.WriteResult(line);
    }

    private void ShowProgressLine()
    {
        if (width is null || progress.LatestFold is not { CurrentStep: { } step, LastTime: { } time } fold)
            return;
        var line = new ProgressLine
        {
            Seed = fold.Seed,
            Fold = fold.Fold,
            Folds = fold.FoldCount,
            Epoch = step.Epoch,
            Epochs = step.Epochs,
            Fraction = progress.Fraction,
            Remaining = progress.GetTimeRemaining(time),
            Loss = step.Loss,
        };
        ShowStatus(line.Format(width.Value - 1));
    }

    private void ShowStatus(string line)
    {
        if (console.SupportsProgressBars)
            console.ShowStatusLine(line);
    }
}
