using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.IO;
using AttnCrnn.Reports.Html;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>Writes a comparison of runs as a self-contained page, in the style of the report.</summary>
public static class ComparisonPage
{
    /// <summary>Writes the page atomically.</summary>
    /// <param name="splitNotice">A warning about the splits of the runs; null if there is none.</param>
    public static void Write(string path, RunComparison comparison, string? splitNotice)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        AtomicFile.WriteText(path, Create(comparison, splitNotice));
    }

    private static string Create(RunComparison comparison, string? splitNotice)
    {
        var page = new HtmlWriter();
        HtmlPage.WriteStart(page, FormattableString.Invariant($"Comparison of {comparison.Runs.Count} runs"));
        page.Write($"<header>");
        foreach (var (i, run) in comparison.Runs.Index())
            page.Write($"""<p class="run">{ComparisonText.GetLetter(i)}: {GetShownName(run)}</p>""");
        page.Write($"<h1>Speech emotion recognition: comparison of {comparison.Runs.Count} runs</h1></header>\n");
        if (splitNotice is not null)
            HtmlPage.WriteWarning(page, "Different splits.", WithShownNames(splitNotice, comparison));
        if (SplitLeakage.Describe(comparison) is { } leakage)
            HtmlPage.WriteWarning(page, "Speaker leakage.", leakage);
        if (ComparisonConditions.DescribeAdvantage(comparison) is { } advantage)
            HtmlPage.WriteWarning(page, "Unequal conditions.", advantage);
        var intervals = comparison.Runs[0].Evaluation.ConfidenceIntervals;
        if (ConfidenceIntervalText.DescribeWarning(intervals) is { } warning)
            HtmlPage.WriteWarning(page, "Few speakers.", warning);
        foreach (var pair in comparison.Pairs)
            page.Write(
                $"""
                <p><strong>{ComparisonText.GetLetters(pair)}</strong>: {ComparisonText.DescribeOutcome(pair)}</p>

                """
            );
        foreach (var pair in comparison.Pairs)
            if (SeedComparison.Read(comparison.Runs[pair.First], comparison.Runs[pair.Second]) is { } seeds)
                page.Write(
                    $"""
                    <p>{ComparisonText.GetLetters(pair)}: {seeds.Describe(ComparisonText.GetLetter(pair.First))}</p>

                    """
                );
        page.Write($"<p>{ComparisonText.DescribeMethod(comparison)}</p>\n");
        page.Write($"<section><h2>Runs</h2>");
        WriteRuns(page, comparison);
        page.Write($"</section>\n<section><h2>Differences</h2>");
        WritePairs(page, comparison);
        page.Write($"</section>\n<section><h2>Recall of each class</h2>");
        WriteClasses(page, comparison);
        page.Write($"</section>\n");
        ComparisonConditionsPart.Write(page, comparison);
        HtmlPage.WriteEnd(page);
        return page.ToString();
    }

    // A page is shared, and has no paths of this machine: of a run's predictions.csv, the name of its folder.
    private static string GetShownName(ComparedRun run)
    {
        var name = Path.GetFileName(run.Name);
        return name == PredictionsCsv.FileName
            ? Path.GetFileName(Path.GetDirectoryName(run.Predictions)) ?? name
            : name;
    }

    private static string WithShownNames(string notice, RunComparison comparison) =>
        comparison.Runs.Aggregate(notice, (text, run) =>
            text.Replace(run.Name, GetShownName(run), StringComparison.Ordinal)
        );

    private static void WriteRuns(HtmlWriter page, RunComparison comparison)
    {
        HtmlTable.WriteStart(
            page,
            "Each metric with its 95% confidence interval, in percent.",
            "run",
            "UAR",
            "accuracy",
            "macro F1"
        );
        foreach (var (i, run) in comparison.Runs.Index())
        {
            var metrics = run.Evaluation.Metrics;
            var intervals = run.Evaluation.ConfidenceIntervals;
            HtmlTable.WriteRow(
                page,
                ComparisonText.GetLetter(i),
                FormatMetric(metrics.Uar, intervals.Uar),
                FormatMetric(metrics.Accuracy, intervals.Accuracy),
                FormatMetric(metrics.MacroF1, intervals.MacroF1)
            );
        }
        HtmlTable.WriteEnd(page);
    }

    private static void WritePairs(HtmlWriter page, RunComparison comparison)
    {
        HtmlTable.WriteStart(
            page,
            "First run minus second run, in percentage points, with 95% confidence intervals; clips that only one of "
                + "the runs predicts correctly; p-values of McNemar's exact test of the clips and of Wilcoxon's "
                + "signed-rank test of the speakers' UAR.",
            "runs",
            "UAR",
            "accuracy",
            "only first",
            "only second",
            "McNemar p",
            "Wilcoxon p"
        );
        foreach (var pair in comparison.Pairs)
            HtmlTable.WriteRow(
                page,
                ComparisonText.GetLetters(pair),
                ComparisonText.FormatDifference(pair.Comparison.Uar),
                ComparisonText.FormatDifference(pair.Comparison.Accuracy),
                HtmlNumbers.FormatInteger(pair.Comparison.OnlyFirstCorrect),
                HtmlNumbers.FormatInteger(pair.Comparison.OnlySecondCorrect),
                ComparisonText.FormatPValue(pair.CorrectedClipPValue),
                pair.CorrectedSpeakerPValue is { } pValue ? ComparisonText.FormatPValue(pValue) : "–"
            );
        HtmlTable.WriteEnd(page);
    }

    private static void WriteClasses(HtmlWriter page, RunComparison comparison)
    {
        HtmlTable.WriteStart(
            page,
            "Fraction of the class's clips that each run predicts correctly, with its 95% confidence interval, in "
                + "percent.",
            ["class", "clips", .. comparison.Runs.Select((_, i) => ComparisonText.GetLetter(i))]
        );
        foreach (var (k, ofClass) in comparison.Runs[0].Evaluation.Metrics.PerClass.Index())
            HtmlTable.WriteRow(
                page,
                ofClass.Label,
                [
                    HtmlNumbers.FormatInteger(ofClass.Support),
                    .. comparison.Runs.Select(run => FormatRecall(run.Evaluation, k)),
                ]
            );
        HtmlTable.WriteEnd(page);
    }

    private static string FormatRecall(EvaluationResult evaluation, int label)
    {
        var metrics = evaluation.Metrics.PerClass[label];
        var intervals = evaluation.ConfidenceIntervals.PerClass;
        return FormatMetric(
            metrics.Support == 0 ? double.NaN : metrics.Recall,
            intervals.Count > 0 ? intervals[label].Recall : null
        );
    }

    private static string FormatMetric(double metric, ConfidenceInterval? interval) =>
        interval is { } bounds
            ? FormattableString.Invariant(
                $"{HtmlNumbers.FormatPercent(metric)} ({100 * bounds.Low:0.0} to {100 * bounds.High:0.0})"
            )
            : HtmlNumbers.FormatPercent(metric);
}
