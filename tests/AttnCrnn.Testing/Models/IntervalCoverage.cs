using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Testing.Models;

/// <summary>How often 95% confidence intervals contain the metrics of the population, in percent.</summary>
/// <param name="Uar">Intervals of UAR.</param>
/// <param name="Accuracy">Intervals of the accuracy.</param>
/// <param name="MacroF1">Intervals of macro F1.</param>
/// <param name="UarWidth">Mean width of the intervals of UAR.</param>
/// <param name="Recall">The program's intervals of the classes' recall, over all classes.</param>
internal sealed record IntervalCoverage(double Uar, double Accuracy, double MacroF1, double UarWidth, double Recall)
{
    /// <summary>UAR, accuracy and macro F1 among the metrics of a bootstrap.</summary>
    private static readonly int[] Metrics = [BootstrapMetrics.Uar, BootstrapMetrics.Accuracy, BootstrapMetrics.MacroF1];

    /// <summary>An interval of a metric, from its value, its resampled values and the number of units.</summary>
    public delegate ConfidenceInterval Method(double value, double[] resampled, int units);

    /// <summary>The method of the program.</summary>
    public static ConfidenceInterval ComputeCorrected(double value, double[] resampled, int units) =>
        BootstrapInterval.ComputeOfMetric(value, resampled, units)!.Value;

    /// <summary>Measures the coverage in simulated test sets, with their numbers as seeds.</summary>
    /// <param name="resamplesSpeakers">Whether speakers are resampled; otherwise clips, as if independent.</param>
    /// <param name="methods">Methods, which get the same resamples.</param>
    /// <returns>[methods].</returns>
    public static IReadOnlyList<IntervalCoverage> Measure(
        SpeakerSimulation population,
        int speakers,
        int simulations,
        int resamples,
        bool resamplesSpeakers,
        params IReadOnlyList<Method> methods
    )
    {
        double[] expected = [population.Uar, population.Accuracy, population.MacroF1];
        var covered = new int[methods.Count, Metrics.Length];
        var width = new double[methods.Count];
        var (recalls, coveredRecalls) = (0, 0);
        for (var seed = 1; seed <= simulations; seed++)
        {
            var clips = SpeakerSimulation.Draw(seed, speakers);
            var metrics = ResampledMetrics.Compute(
                SpeakerSimulation.Labels,
                resamplesSpeakers ? clips : [.. clips.Select(clip => clip with { Speaker = null })],
                resamples,
                new RandomStream((ulong)seed).ForStream(RandomStreamId.Bootstrap).SampleBelow
            );
            for (var label = 0; label < population.Recalls.Length; label++)
                if (ComputeOfRecall(metrics, label) is { } interval)
                {
                    recalls++;
                    if (interval.Low <= population.Recalls[label] && population.Recalls[label] <= interval.High)
                        coveredRecalls++;
                }
            for (var method = 0; method < methods.Count; method++)
            for (var i = 0; i < Metrics.Length; i++)
            {
                var metric = Metrics[i];
                var interval = methods[method]
                    (metrics.Values[metric], metrics.Resampled[metric], metrics.Units[metric]);
                if (interval.Low <= expected[i] && expected[i] <= interval.High)
                    covered[method, i]++;
                if (i == 0)
                    width[method] += interval.High - interval.Low;
            }
        }
        return
        [
            .. Enumerable
                .Range(0, methods.Count)
                .Select(method => new IntervalCoverage(
                    100.0 * covered[method, 0] / simulations,
                    100.0 * covered[method, 1] / simulations,
                    100.0 * covered[method, 2] / simulations,
                    width[method] / simulations,
                    100.0 * coveredRecalls / recalls
                )),
        ];
    }

    // Null without variation, and for a class without clips.
    private static ConfidenceInterval? ComputeOfRecall(ResampledMetrics metrics, int label)
    {
        var index = BootstrapMetrics.GetRecall(label);
        return BootstrapInterval.ComputeOfMetric(metrics.Values[index], metrics.Resampled[index], metrics.Units[index]);
    }
}
