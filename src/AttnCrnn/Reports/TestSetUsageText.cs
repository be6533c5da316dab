using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about how often a test set was evaluated.</summary>
public static class TestSetUsageText
{
    /// <summary>The number of evaluations and runs, since when they are counted, and what is not counted.</summary>
    public static string Describe(TestSetUsage usage)
    {
        ArgumentNullException.ThrowIfNull(usage);
        var since = usage.Since.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var counted = $"in this working folder (counted since {since}, up to this evaluation)";
        var text =
            usage.Evaluations == 1
                ? $"This test set has been evaluated once {counted}."
                : $"This test set has been evaluated {usage.Evaluations} times by {FormatRuns(usage.Runs)} {counted}"
                    + (usage.Runs > 1 ? ": a result that was selected among them overestimates performance." : ".");
        if (usage.DamagedRecords > 0)
            text +=
                $" {usage.DamagedRecords} of the records cannot be read; each is counted as an evaluation by an "
                + "unknown run.";
        if (usage.Unrecorded is { } failure)
            text += $" This evaluation is not recorded, so that later ones do not count it ({failure}).";
        return text;
    }

    private static string FormatRuns(int runs) => $"{runs} {(runs == 1 ? "run" : "runs")}";
}
