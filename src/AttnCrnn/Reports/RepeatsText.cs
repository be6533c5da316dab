using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about the seeds of a repeated run.</summary>
public static class RepeatsText
{
    /// <summary>Mean and standard deviation of the metrics over the seeds, and what they mean.</summary>
    public static string Describe(RepeatedMetrics repeats)
    {
        ArgumentNullException.ThrowIfNull(repeats);
        var first = repeats.Seeds[0].Seed;
        var last = repeats.Seeds[^1].Seed;
        if (repeats.Seeds.Count == 1)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Only seed {first} of {repeats.Requested} seeds is evaluated so far."
            );
        var count =
            repeats.Seeds.Count == repeats.Requested
                ? $"{repeats.Requested} seeds"
                : $"{repeats.Seeds.Count} of {repeats.Requested} seeds";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Over {count} ({first} to {last}) on the same test clips, mean ± standard deviation: UAR "
                + $"{Format(repeats.Uar)}, accuracy {Format(repeats.Accuracy)}, macro F1 {Format(repeats.MacroF1)}. "
                + $"The other metrics are those of seed {first}."
        );
    }

    private static string Format(MeanAndStd value) =>
        value.StandardDeviation is { } std
            ? FormattableString.Invariant($"{value.Mean:0.0000} ± {std:0.0000}")
            : FormattableString.Invariant($"{value.Mean:0.0000}");
}
