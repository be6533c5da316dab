using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>The state of a run as text.</summary>
internal static class StatusView
{
    private const int LabelWidth = 11;

    /// <param name="width">Columns of the terminal; null: lines are not wrapped.</param>
    public static IEnumerable<string> FormatLines(RunStatus status, RemoteTarget target, int? width)
    {
        var rows = CreateRows(status, target)
            .SelectMany(row =>
                LogText.Wrap(row.Name.PadRight(LabelWidth) + row.Text, width ?? int.MaxValue, LabelWidth)
            );
        // Whole, so that it can be copied.
        if (status.State == RunState.Interrupted || status.ExitCode is not (null or 0))
            rows = rows.Append("resume".PadRight(LabelWidth) + target.FormatCommand("deploy", "--resume", status.Run!));
        if (status.LastLines.Count == 0)
            return rows;
        var count = status.LastLines.Count == 1 ? "line" : $"{status.LastLines.Count} lines";
        string[] log =
        [
            $"the last {count} of the log",
            .. status.LastLines.SelectMany(line => LogText.Fit(line, width)),
        ];
        // On a terminal the last lines stay visible.
        return width is null ? [.. rows, "", .. log] : [.. log, "", .. rows];
    }

    private static IEnumerable<(string Name, string Text)> CreateRows(RunStatus status, RemoteTarget target)
    {
        yield return ("machine", $"{target.Machine.Name}, {target.Folder}");
        yield return ("run", status.Run ?? $"none was deployed in the session {target.Session}");
        yield return ("state", DescribeState(status, target));
        foreach (var note in status.Notes)
            yield return (note.Label, note.Text);
        if (status.HeartbeatSeconds is { } heartbeatAge && status.ExitCode is null)
            yield return ("heartbeat", $"{FormatAge(heartbeatAge)} ago");
        foreach (var row in CreateTrainingRows(status))
            yield return row;
        foreach (var features in status.Features)
            yield return ("features", $"{features.Files} files, {FormatBytes(features.Bytes)} in {features.Name}");
        foreach (var checkpoint in status.Checkpoints.Take(4))
            yield return ("checkpoint", $"{checkpoint.Name}, {FormatAge(checkpoint.AgeSeconds)} ago");
        if (status.Checkpoints.Count > 4)
            yield return ("", $"and {status.Checkpoints.Count - 4} more");
        yield return ("disk", $"{FormatBytes(status.FreeDiskBytes)} free");
        if (status.MemoryBytes is { } memory)
        {
            var usedText = status.UsedBytes is { } bytes ? $"{FormatBytes(bytes)} used by the run" : null;
            var free = $"{FormatBytes(status.FreeMemoryBytes ?? 0)} free of {FormatBytes(memory)}";
            yield return ("memory", Join(usedText, free));
        }
        foreach (var gpu in status.Gpus)
            yield return ("GPU", gpu);
    }

    private static IEnumerable<(string Name, string Text)> CreateTrainingRows(RunStatus status)
    {
        if (status.LatestEpoch is { } epoch)
        {
            // Version 0.1 estimates the time of a fold only, later ones that of a seed.
            var scope =
                epoch.Seed is { } seed && seed.Number < seed.Count ? " in this seed"
                : epoch.Fold is null || status.Progress is not null ? ""
                : " in this fold";
            var remaining = status.TimeRemaining is { } time
                ? $"up to {FormatAge((long)time.TotalSeconds)} left{scope}"
                : null;
            yield return (
                "epoch",
                Join($"{epoch.Epoch} of {epoch.Epochs}", FormatFold(epoch.Fold, epoch.Folds, epoch.Seed), remaining)
            );
        }
        if (status.Progress?.LatestFold is { CurrentStep: { } step } fold)
            yield return (
                "step",
                Join(
                    $"{step.Step} of {step.Steps} in epoch {step.Epoch}",
                    FormatFold(fold.Fold, fold.FoldCount, fold.Seed)
                )
            );
        if (status.BestEpoch is { } best)
            yield return (
                "best",
                FormatInvariant(
                    $"val_accuracy {best.ValAccuracy:0.0000}, UAR {best.ValUar:0.0000} in epoch {best.Epoch}"
                )
            );
        foreach (var row in CreateEventRows(status.Progress))
            yield return row;
    }

    private static IEnumerable<(string Name, string Text)> CreateEventRows(RunProgress? progress)
    {
        foreach (var fold in progress?.Folds ?? [])
        {
            var name = FormatFold(fold.Fold, fold.FoldCount, fold.Seed);
            if (fold.EarlyStop is { } stop)
                yield return ("early stop", Join(name, $"after epoch {stop.Epoch}, best epoch {stop.BestEpoch}"));
            if (fold.Error is { } error)
                yield return ("error", Join(name, error));
        }
        if (progress?.NewerFormatVersion is { } version)
            yield return (
                "notice",
                $"the run records its progress in format version {version}, and this program knows version "
                    + $"{ProgressEvent.FormatVersion}: events may be missing here; upgrade this program"
            );
    }

    private static string? FormatFold(int? fold, int? folds, RunSeed? seed)
    {
        var name = fold is { } k ? $"fold {k} of {folds}" : null;
        return seed is null ? name : Join(name, $"{seed}");
    }

    private static string DescribeState(RunStatus status, RemoteTarget target)
    {
        var session = status.HasSession ? $"session {target.Session}" : "no session";
        var process = status.Process is { } id ? $"process {id}" : null;
        return status.State switch
        {
            RunState.None => session,
            RunState.Prepared => "prepared, not started: run deploy again",
            RunState.Starting => Join("starting", session),
            RunState.Waiting => "queued on the cluster",
            RunState.Training => Join("training", session, process),
            RunState.Ended => Join(
                $"ended with {status.ExitCode}",
                status.IsFetched ? "fetched" : null,
                status.HasSession ? $"{session} is kept until the results are fetched" : null
            ),
            _ => "interrupted, no process and no exit code",
        };
    }

    private static string Join(params string?[] fragments) => string.Join(", ", fragments.OfType<string>());

    private static string FormatAge(long seconds) =>
        seconds switch
        {
            < 120 => $"{seconds} s",
            < 7200 => $"{seconds / 60} min",
            < 172800 => FormatInvariant($"{seconds / 3600.0:0.0} h"),
            _ => $"{seconds / 86400} days",
        };

    private static string FormatBytes(long bytes) =>
        bytes < 1L << 30
            ? FormatInvariant($"{bytes / (double)(1 << 20):0.0} MiB")
            : FormatInvariant($"{bytes / (double)(1 << 30):0.0} GiB");

    private static string FormatInvariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
