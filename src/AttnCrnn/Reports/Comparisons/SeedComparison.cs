using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Comparisons;

/// <summary>Metrics of the first run minus those of the second, of one seed.</summary>
/// <param name="Seed">Seed of both trainings.</param>
/// <param name="Uar">Difference of UAR, -1..1.</param>
/// <param name="Accuracy">Difference of accuracy, -1..1.</param>
public readonly record struct SeedDifference(ulong Seed, double Uar, double Accuracy);

/// <summary>Two repeated runs, paired over the seeds that both have.</summary>
/// <param name="Seeds">Ascending; empty if the runs have no seed in common.</param>
public sealed record SeedComparison(IReadOnlyList<SeedDifference> Seeds)
{
    private const double PercentagePoints = 100;

    /// <summary>The first seed of each run, whose predictions are compared clip by clip.</summary>
    public (ulong First, ulong Second) ComparedSeeds { get; init; }
    private const int MaxBytes = 64 << 20;

    /// <summary>Mean and standard deviation of the differences of UAR; at least one seed.</summary>
    public MeanAndStd Uar => ComputeMeanAndStd(difference => difference.Uar);

    /// <summary>Mean and standard deviation of the differences of accuracy; at least one seed.</summary>
    public MeanAndStd Accuracy => ComputeMeanAndStd(difference => difference.Accuracy);

    /// <summary>Reads the seeds of two runs; null unless both are repeated.</summary>
    /// <exception cref="InvalidFileException">A metrics.json is damaged.</exception>
    public static SeedComparison? Read(ComparedRun first, ComparedRun second)
    {
        if (ReadRepeats(first) is not { } firstRepeats || ReadRepeats(second) is not { } secondRepeats)
            return null;
        return new([
            .. firstRepeats.Seeds.Join(
                secondRepeats.Seeds,
                metrics => metrics.Seed,
                metrics => metrics.Seed,
                (a, b) => new SeedDifference(a.Seed, a.Uar - b.Uar, a.Accuracy - b.Accuracy)
            ),
        ])
        {
            ComparedSeeds = (firstRepeats.Seeds[0].Seed, secondRepeats.Seeds[0].Seed),
        };
    }

    /// <summary>The differences in percentage points, as one sentence.</summary>
    /// <param name="first">Short name of the first run.</param>
    public string Describe(string first)
    {
        var compared =
            ComparedSeeds.First == ComparedSeeds.Second
                ? ""
                : $" The clips are compared with seed {ComparedSeeds.First} of one and {ComparedSeeds.Second} of the "
                    + "other run.";
        if (Seeds.Count == 0)
            return $"Both runs are repeated, and have no seed in common: they cannot be paired over seeds.{compared}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Paired over {Seeds.Count} {(Seeds.Count == 1 ? "seed" : "seeds")}, mean ± standard deviation of the "
                + $"difference in percentage points: UAR {Format(Uar)}, accuracy {Format(Accuracy)}; {first} has the "
                + $"higher UAR with {Seeds.Count(difference => difference.Uar > 0)} of them.{compared}"
        );
    }

    internal JsonObject ToJson() =>
        new()
        {
            ["seeds"] = new JsonArray([
                .. Seeds.Select(difference =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["seed"] = difference.Seed,
                            ["uar_difference"] = difference.Uar,
                            ["accuracy_difference"] = difference.Accuracy,
                        }
                ),
            ]),
            ["uar_difference"] = Seeds.Count == 0 ? null : CreateMean(Uar),
            ["accuracy_difference"] = Seeds.Count == 0 ? null : CreateMean(Accuracy),
        };

    private static JsonObject CreateMean(MeanAndStd value) =>
        new()
        {
            ["mean"] = value.Mean,

            ["deviation"] = value.StandardDeviation,
        };

    private static RepeatedMetrics? ReadRepeats(ComparedRun run) =>
        MetricsSummary.FindBeside(run.Predictions) is { } path
            ? RepeatsJson.Read(
                new JsonSource(path, $"the {MetricsJson.FileName} of a run", "evaluate the run again").Read(MaxBytes)
            )
            : null;

    private static string Format(MeanAndStd value)
    {
        var mean = (PercentagePoints * value.Mean).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
        return value.StandardDeviation is { } std
            ? FormattableString.Invariant($"{mean} ± {PercentagePoints * std:0.0}")
            : mean;
    }

    private MeanAndStd ComputeMeanAndStd(Func<SeedDifference, double> difference) =>
        MeanAndStd.Compute(Seeds.Select(difference));
}
