using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Comparisons;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Compares runs on the same clips.</summary>
internal sealed class CompareCommand : OptionCommand<CompareSettings>
{
    private const int Indent = 9; // the width of a line's name
    private const int MinRuns = 2;

    public CompareCommand()
        : base(
            "compare",
            "Compare runs that evaluated the same clips: differences with confidence intervals, and paired tests.",
            CompareSettings.Options,
            new("RUN RUN…", "Two or more run names or folders, or files such as a run's predictions.csv.")
        ) { }

    public override Task<int> RunAsync(
        CompareSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Arguments.Count < MinRuns)
            throw new UsageException("expected two runs or more");
        if (settings.Output is { } output)
            OutputFile.RequirePage(output);
        var comparison = RunComparison.Read(settings.WorkFolder, settings.Arguments, settings.Experiment.Training.Seed);
        var splitNotice = ComparisonText.DescribeSplits(ReadSplits(comparison));
        if (splitNotice is not null)
            console.WriteError($"warning: {splitNotice}");
        if (SplitLeakage.Describe(comparison) is { } leakage)
            console.WriteError($"warning: {leakage}");
        if (ComparisonConditions.DescribeAdvantage(comparison) is { } advantage)
            console.WriteError($"warning: {advantage}");
        if (settings.Json)
            console.WriteResult(ComparisonJson.Serialize(comparison));
        else
            Print(console, comparison);
        if (settings.Output is { } page)
        {
            ComparisonPage.Write(page, comparison, splitNotice);
            console.WriteMessage($"page     {Path.GetFullPath(page)}");
        }
        return Task.FromResult(ExitCode.Success);
    }

    // Of runs whose folders have metrics.json; predictions of another program have none.
    private static List<(string Run, SplitSummary Split)> ReadSplits(RunComparison comparison) =>
        [
            .. comparison
                .Runs.Select(run => (run.Name, Path: MetricsSummary.FindBeside(run.Predictions)))
                .Where(run => run.Path is not null)
                .Select(run => (run.Name, MetricsSummary.Read(run.Path!).Split)),
        ];

    private static void Print(ConsoleOutput console, RunComparison comparison)
    {
        foreach (var (i, run) in comparison.Runs.Index())
        {
            var metrics = run.Evaluation.Metrics;
            var intervals = run.Evaluation.ConfidenceIntervals;
            console.WriteResult($"{ComparisonText.GetLetter(i), -8} {run.Name}");
            console.WriteResultText(
                $"{"", -8} UAR {Format(metrics.Uar, intervals.Uar)}, accuracy "
                    + $"{Format(metrics.Accuracy, intervals.Accuracy)}, macro F1 "
                    + Format(metrics.MacroF1, intervals.MacroF1),
                Indent
            );
        }
        foreach (var pair in comparison.Pairs)
        {
            PrintPair(console, pair);
            if (SeedComparison.Read(comparison.Runs[pair.First], comparison.Runs[pair.Second]) is { } seeds)
                console.WriteResultText($"{"", -8} {seeds.Describe(ComparisonText.GetLetter(pair.First))}", Indent);
        }
        foreach (var difference in ComparisonConditions.ListDifferences(comparison) ?? [])
            console.WriteResultText($"option   {ComparisonConditions.Format(difference)}", Indent);
        if (ConfidenceIntervalText.DescribeWarning(comparison.Runs[0].Evaluation.ConfidenceIntervals) is { } warning)
            console.WriteResultText($"warning  {warning}", Indent);
        console.WriteResultText($"method   {ComparisonText.DescribeMethod(comparison)}", Indent);
    }

    private static void PrintPair(ConsoleOutput console, RunPair pair)
    {
        var compared = pair.Comparison;
        var first = ComparisonText.GetLetter(pair.First);
        var second = ComparisonText.GetLetter(pair.Second);
        console.WriteResultText(
            $"{$"{first} - {second}", -8} UAR {ComparisonText.FormatDifference(compared.Uar)}, accuracy "
                + $"{ComparisonText.FormatDifference(compared.Accuracy)} percentage points",
            Indent
        );
        var speakers = pair.CorrectedSpeakerPValue is { } pValue
            ? $"; Wilcoxon over {compared.Speakers} speakers: p {ComparisonText.FormatPValue(pValue)}"
            : "";
        console.WriteResultText(
            $"{"", -8} {compared.OnlyFirstCorrect} clips correct only by {first}, {compared.OnlySecondCorrect} only by "
                + $"{second}; McNemar: p {ComparisonText.FormatPValue(pair.CorrectedClipPValue)}{speakers}",
            Indent
        );
        console.WriteResultText($"{"", -8} {ComparisonText.DescribeOutcome(pair)}", Indent);
    }

    private static string Format(double metric, ConfidenceInterval? interval) =>
        interval is { } bounds
            ? FormattableString.Invariant($"{metric:0.0000} (95% {bounds.Low:0.0000} to {bounds.High:0.0000})")
            : FormattableString.Invariant($"{metric:0.0000}");
}
