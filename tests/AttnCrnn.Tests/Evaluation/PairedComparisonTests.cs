using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Tests.Evaluation;

public sealed class PairedComparisonTests
{
    private const double Tolerance = 1e-12;

    [Fact]
    public void Runs_on_the_same_clips_are_compared_by_clip_and_by_speaker()
    {
        ClipPrediction[] good = [.. PredictionBuilder.Clips(speakers: 6, clipsEach: 4, rightOf: 4)];
        ClipPrediction[] poor = [.. PredictionBuilder.Clips(speakers: 6, clipsEach: 4, rightOf: 1).Reverse()];
        var comparison = Compare(good, poor);
        Assert.Equal(
            (24, 18, 0, 6),
            (comparison.Clips, comparison.OnlyFirstCorrect, comparison.OnlySecondCorrect, comparison.Speakers)
        );
        Assert.Equal(Math.Pow(2, -17), comparison.ClipPValue, Tolerance);
        Assert.Equal(2 / 64.0, comparison.SpeakerPValue!.Value, Tolerance);
        Assert.Equal((0.75, 0.75), (comparison.Uar.Value, comparison.Accuracy.Value));
        Assert.Equal(new ConfidenceInterval(0.75, 0.75), comparison.Uar.Interval);
        Assert.Equal(1, Compare(good, good).SpeakerPValue);
    }

    [Fact]
    public void The_differences_are_those_of_the_metrics()
    {
        var first = PredictionBuilder.CreateRandom(seed: 1, speakers: 12, clipsEach: 10);
        var second = PredictionBuilder.CreateRandom(seed: 2, speakers: 12, clipsEach: 10);
        var firstMetrics = PredictionBuilder.Result(first).Metrics;
        var secondMetrics = PredictionBuilder.Result(second).Metrics;
        var comparison = Compare(first, second);
        Assert.Equal(firstMetrics.Uar - secondMetrics.Uar, comparison.Uar.Value, Tolerance);
        Assert.Equal(firstMetrics.Accuracy - secondMetrics.Accuracy, comparison.Accuracy.Value, Tolerance);
        var opposite = Compare(second, first);
        Assert.Equal(-comparison.Uar.Interval!.Value.Low, opposite.Uar.Interval!.Value.High, Tolerance);
        Assert.Equal(-comparison.Uar.Interval!.Value.High, opposite.Uar.Interval!.Value.Low, Tolerance);
    }

    // What makes speakers hard for both runs cancels out of the difference, but not out of the runs' own intervals.
    [Fact]
    public void The_paired_interval_is_narrower_than_those_of_the_runs()
    {
        ClipPrediction[] first = [.. CreateSpeakers(rightOfSpeaker: speaker => 1 + speaker)];
        ClipPrediction[] second = [.. CreateSpeakers(rightOfSpeaker: speaker => speaker)];
        var own = PredictionBuilder.Result(first).ConfidenceIntervals.Accuracy!.Value;
        var paired = Compare(first, second).Accuracy;
        Assert.Equal(0.1, paired.Value, Tolerance);
        Assert.True(own.High - own.Low > 0.2, $"{own}");
        Assert.True(paired.Interval!.Value.High - paired.Interval!.Value.Low < 1e-9, $"{paired.Interval}");
    }

    [Fact]
    public void One_speaker_has_no_interval_and_no_test()
    {
        ClipPrediction[] clips = [.. PredictionBuilder.Clips(speakers: 1, clipsEach: 8, rightOf: 4)];
        var comparison = Compare(clips, clips);
        Assert.Null(comparison.Uar.Interval);
        Assert.Null(comparison.SpeakerPValue);
    }

    [Fact]
    public void Runs_over_different_clips_are_refused_by_name()
    {
        ClipPrediction[] larger = [.. PredictionBuilder.Clips(speakers: 3, clipsEach: 4, rightOf: 2)];
        ClipPrediction[] smaller = [.. PredictionBuilder.Clips(speakers: 2, clipsEach: 4, rightOf: 2)];
        var message = Assert.Throws<InvalidInputException>(() => Compare(larger, smaller)).Message;
        Assert.Contains(
            "8 in common, 4 only in the first (/corpus/2/0.wav, /corpus/2/1.wav, /corpus/2/2.wav, …);",
            message,
            StringComparison.Ordinal
        );
        ClipPrediction[] renamed = [.. smaller.Select(clip => clip with { Speaker = "x" })];
        Assert.Contains(
            "/corpus/0/0.wav: the speakers of the runs differ (s0, x)",
            Assert.Throws<InvalidInputException>(() => Compare(smaller, renamed)).Message,
            StringComparison.Ordinal
        );
        smaller[0] = smaller[0] with { Truth = "sad" };
        Assert.Contains(
            "/corpus/0/0.wav: the labels of the runs differ (angry, sad)",
            Assert.Throws<InvalidInputException>(() => Compare(larger[..8], smaller)).Message,
            StringComparison.Ordinal
        );
    }

    private static PairedComparison Compare(ClipPrediction[] first, ClipPrediction[] second) =>
        PairedComparison.Compute(first, second, PredictionBuilder.CreateDraws(1));

    // Five speakers of ten clips.
    private static IEnumerable<ClipPrediction> CreateSpeakers(Func<int, int> rightOfSpeaker) =>
        from speaker in Enumerable.Range(1, 5)
        from clip in Enumerable.Range(0, 10)
        select PredictionBuilder.Clip(
            $"/{speaker}/{clip}.wav",
            $"s{speaker}",
            0,
            PredictionBuilder.CreateConfident(clip < rightOfSpeaker(speaker) ? 0 : 1)
        );
}
