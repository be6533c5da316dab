using AttnCrnn.Reports.Html;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>The parts of the page about how the runs were evaluated, and in which options they differ.</summary>
internal static class ComparisonConditionsPart
{
    public static void Write(HtmlWriter page, RunComparison comparison)
    {
        WriteEvaluations(page, comparison);
        if (ComparisonConditions.ListDifferences(comparison) is { } differences)
            WriteDifferences(page, comparison, differences);
    }

    // Runs of one split share a paragraph.
    private static void WriteEvaluations(HtmlWriter page, RunComparison comparison)
    {
        var descriptions = comparison
            .Runs.Select((run, i) => (Letter: ComparisonText.GetLetter(i), Text: ComparisonConditions.Describe(run)))
            .Where(run => run.Text is not null)
            .GroupBy(run => run.Text, run => run.Letter)
            .ToList();
        if (descriptions.Count == 0)
            return;
        page.Write($"<section><h2>How the runs were evaluated</h2>");
        foreach (var runs in descriptions)
            page.Write($"<p><strong>{string.Join(", ", runs)}</strong>: {runs.Key}</p>\n");
        page.Write($"</section>\n");
    }

    private static void WriteDifferences(
        HtmlWriter page,
        RunComparison comparison,
        IReadOnlyList<OptionDifference> differences
    )
    {
        page.Write($"<section><h2>Options that differ</h2>");
        if (differences.Count == 0)
            page.Write($"<p>All runs have the same encoder and options.</p>");
        else
        {
            HtmlTable.WriteStart(
                page,
                "Encoder and options of the trainings, without paths and names of speakers.",
                ["option", .. comparison.Runs.Select((_, i) => ComparisonText.GetLetter(i))]
            );
            foreach (var difference in differences)
                HtmlTable.WriteRow(page, difference.Option, difference.Values);
            HtmlTable.WriteEnd(page);
        }
        page.Write($"</section>\n");
    }
}
