using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Reports.Inventory;

namespace AttnCrnn.Cli.Commands;

/// <summary>The runs of a working folder as a table, then how those that are not complete are resumed.</summary>
internal static class RunTable
{
    private static readonly TableColumn<RunOverview>[] Columns =
    [
        new("run", 0, run => run.Name),
        new("state", 2, run => RunStates.Format(run.State).Replace('_', ' ')),
        new("UAR (95% CI)", 1, FormatUar),
        new("protocol", 4, run => run.Protocol),
        new("encoder", 5, FormatEncoder),
        new("speakers", 6, run => FormatCount(run.Metrics?.Speakers)),
        new("clips", 7, run => FormatCount(run.Metrics?.Clips)),
        new("version", 8, run => run.Model?.Version ?? ""),
    ];

    private static readonly TableColumn<RunOverview> Repeats = new("UAR over seeds", 3, FormatRepeats);

    /// <summary>Writes the table.</summary>
    /// <param name="runs">At least one.</param>
    public static void Write(ConsoleOutput console, IReadOnlyList<RunOverview> runs)
    {
        var lines = Format(runs, console.Width, out var omitted);
        foreach (var line in lines)
            console.WriteResult(line);
        if (omitted.Count > 0)
            console.WriteMessage(
                $"not shown, since the terminal is narrow: {string.Join(", ", omitted)}; --json prints everything"
            );
        foreach (var run in runs.Where(run => run.Problem is not null))
            console.WriteError($"{run.Name} is damaged: {run.Problem!.Format(OptionParser.FormatKey)}");
        var resumable = runs.Where(run => run is { IsTraining: true, State: RunState.Unfinished }).ToList();
        foreach (var run in resumable)
            console.WriteMessage(
                $"{run.Name} is unfinished{DescribeFolds(run)}{DescribeSeeds(run)}. Unless it is running, resume it "
                    + "with:\n"
                    + PrintedCommand.FormatResume(run.Directory.WorkFolder, run.Name)
            );
        if (runs.Any(run => run.Metrics is { Synthetic: true }))
            console.WriteMessage("runs marked * are of synthetic speech: their metrics are not valid for real speech");
    }

    /// <summary>The lines of the table.</summary>
    /// <param name="width">Columns of the terminal; null for a pipe, which gets all columns.</param>
    /// <param name="omitted">The titles of the columns that do not fit.</param>
    public static IReadOnlyList<string> Format(
        IReadOnlyList<RunOverview> runs,
        int? width,
        out IReadOnlyList<string> omitted
    ) => ColumnTable.Format(ChooseColumns(runs), runs, width, out omitted);

    // Few working folders have repeated runs.
    private static TableColumn<RunOverview>[] ChooseColumns(IReadOnlyList<RunOverview> runs) =>
        runs.Any(run => run.Seeds > 1) ? [.. Columns[..3], Repeats, .. Columns[3..]] : Columns;

    private static string FormatUar(RunOverview run)
    {
        if (run.Metrics is not { } metrics)
            return "";
        var synthetic = metrics.Synthetic ? "*" : "";
        return FormatMetric(metrics.Uar) + FormatInterval(metrics.UarInterval) + synthetic;
    }

    private static string FormatInterval(ConfidenceInterval? interval) =>
        interval is { } bounds ? $" ({FormatMetric(bounds.Low)} to {FormatMetric(bounds.High)})" : "";

    private static string FormatRepeats(RunOverview run)
    {
        if (run.Repeats is not { } repeats)
            return run.Seeds > 1 ? FormattableString.Invariant($"{run.TrainedSeeds} of {run.Seeds} seeds trained") : "";
        var uar = repeats.Uar;
        var deviation = uar.StandardDeviation is { } std ? $" ± {FormatMetric(std)}" : "";
        var missing = repeats.Seeds.Count < repeats.Requested ? $" of {FormatCount(repeats.Requested)}" : "";
        var seeds =
            repeats.Seeds.Count == 1
                ? FormattableString.Invariant($"seed {repeats.Seeds[0].Seed}")
                : FormattableString.Invariant($"seeds {repeats.Seeds[0].Seed} to {repeats.Seeds[^1].Seed}");
        return $"{FormatMetric(uar.Mean)}{deviation} ({seeds}{missing})";
    }

    private static string FormatMetric(double value) =>
        double.IsNaN(value) ? "NaN" : value.ToString("0.000", CultureInfo.InvariantCulture);

    private static string FormatEncoder(RunOverview run)
    {
        if (run.Model?.Encoder is not { } encoder)
            return "";
        // Of a folder, whose path may be long, the name.
        var name = Path.IsPathRooted(encoder.Name) ? Path.GetFileName(encoder.Name) : encoder.Name;
        return encoder.Layers.Length > 0 ? $"{name}:{encoder.Layers}" : name;
    }

    private static string FormatCount(int? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string DescribeSeeds(RunOverview run) =>
        run.Seeds > 1 ? FormattableString.Invariant($" ({run.TrainedSeeds} of {run.Seeds} seeds are trained)") : "";

    private static string DescribeFolds(RunOverview run) =>
        run.Folds is > 0 and var folds
            ? string.Create(CultureInfo.InvariantCulture, $" ({run.ModelPaths.Count} of {folds} folds have a model)")
            : "";
}
