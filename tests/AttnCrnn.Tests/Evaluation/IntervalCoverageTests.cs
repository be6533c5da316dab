namespace AttnCrnn.Tests.Evaluation;

/// <summary>
/// A small version of the simulation of docs/intervals.md, whose speakers have effects of another model than the
/// bootstrap's.
/// </summary>
public sealed class IntervalCoverageTests
{
    private const int Simulations = 200;
    private const int Resamples = 200;

    private static readonly Lazy<SpeakerSimulation> Population = new(() => new SpeakerSimulation(seed: 0));

    // Standard error of 200 simulations: 1.5 percentage points.
    [Theory]
    [InlineData(4)]
    [InlineData(20)]
    public void Speaker_level_intervals_contain_the_metrics_of_the_population_in_95_percent(int speakers)
    {
        var coverage = Measure(speakers, resamplesSpeakers: true);
        Assert.InRange(coverage.Uar, 91, 99);
        Assert.InRange(coverage.Accuracy, 91, 99);
        Assert.InRange(coverage.MacroF1, 91, 99);
        Assert.InRange(coverage.Recall, 91, 99);
    }

    [Fact]
    public void Clip_level_intervals_contain_them_far_less_often()
    {
        var coverage = Measure(speakers: 4, resamplesSpeakers: false);
        Assert.True(coverage.Uar < 80, $"{coverage}");
        Assert.True(coverage.Accuracy < 80, $"{coverage}");
    }

    private static IntervalCoverage Measure(int speakers, bool resamplesSpeakers) =>
        Assert.Single(
            IntervalCoverage.Measure(
                Population.Value,
                speakers,
                Simulations,
                Resamples,
                resamplesSpeakers,
                IntervalCoverage.ComputeCorrected
            )
        );
}
