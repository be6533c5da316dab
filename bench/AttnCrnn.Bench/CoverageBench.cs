using System.Text.Json.Nodes;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Testing.Models;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Bench;

/// <summary>
/// Measures how often the confidence intervals of an evaluation contain the metrics of the population, in test sets of
/// simulated speakers, beside intervals that the program does not use: percentiles of the same resamples, and resamples
/// of clips.
/// </summary>
internal static class CoverageBench
{
    // Resampling clips takes longest, and its coverage is far from 95%.
    private const int SimulationsPerClipLevel = 4;

    /// <summary>One object per number of speakers.</summary>
    public static IEnumerable<JsonObject> Run(int simulations, IEnumerable<int> speakerCounts)
    {
        var population = new SpeakerSimulation(seed: 0);
        foreach (var speakers in speakerCounts)
        {
            var clipSimulations = Math.Max(1, simulations / SimulationsPerClipLevel);
            var bySpeaker = Measure(
                simulations,
                resamplesSpeakers: true,
                IntervalCoverage.ComputeCorrected,
                (_, resampled, _) => GetPercentiles(resampled, 0.025),
                (_, resampled, units) => GetPercentiles(resampled, Expand(units))
            );
            var byClip = Measure(clipSimulations, resamplesSpeakers: false, (_, resampled, _) =>
                GetPercentiles(resampled, 0.025)
            );
            yield return new()
            {
                ["bench"] = "coverage",
                ["speakers"] = speakers,
                ["resamples"] = SpeakerBootstrap.DefaultResamples,
                ["population"] = Format(population.Uar, population.Accuracy, population.MacroF1),
                ["simulations"] = simulations,
                ["speaker_t"] = Format(bySpeaker[0]),
                ["speaker_percentile"] = Format(bySpeaker[1]),
                ["speaker_expanded_percentile"] = Format(bySpeaker[2]),
                ["speaker_t_class_recall"] = Math.Round(bySpeaker[0].Recall, 4),
                ["clip_simulations"] = clipSimulations,
                ["clip_percentile"] = Format(byClip[0]),
            };

            IReadOnlyList<IntervalCoverage> Measure(
                int count,
                bool resamplesSpeakers,
                params IReadOnlyList<IntervalCoverage.Method> methods
            ) =>
                IntervalCoverage.Measure(
                    population,
                    speakers,
                    count,
                    SpeakerBootstrap.DefaultResamples,
                    resamplesSpeakers,
                    methods
                );
        }
    }

    private static ConfidenceInterval GetPercentiles(double[] values, double tail) =>
        new(
            Statistics.QuantileCustom(values, tail, QuantileDefinition.R7),
            Statistics.QuantileCustom(values, 1 - tail, QuantileDefinition.R7)
        );

    // The expanded percentile interval of Hesterberg 2015: the percentiles of Student's t, and its √(n / (n - 1)).
    private static double Expand(int units) =>
        Normal.CDF(0, 1, -Math.Sqrt(units / (units - 1.0)) * StudentT.InvCDF(0, 1, units - 1, 0.975));

    private static JsonObject Format(IntervalCoverage coverage)
    {
        var json = Format(coverage.Uar, coverage.Accuracy, coverage.MacroF1);
        json["uar_width"] = Math.Round(coverage.UarWidth, 4);
        return json;
    }

    private static JsonObject Format(double uar, double accuracy, double macroF1) =>
        new()
        {
            ["uar"] = Math.Round(uar, 4),
            ["accuracy"] = Math.Round(accuracy, 4),
            ["macro_f1"] = Math.Round(macroF1, 4),
        };
}
