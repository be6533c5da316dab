using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Metrics;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Evaluation;

public sealed class SpeakerBootstrapTests
{
    [Theory]
    [InlineData(1, 7, 12)]
    [InlineData(2, 2, 5)]
    [InlineData(3, 20, 4)]
    public void Intervals_equal_a_plain_bootstrap_with_the_same_draws(int seed, int speakers, int clipsEach)
    {
        const int resamples = 200;
        var clips = PredictionBuilder.CreateRandom(seed, speakers, clipsEach);
        var draws = PredictionBuilder.CreateDraws((ulong)seed);
        string[] units = [.. clips.Select(clip => clip.Speaker!).Distinct().Order(StringComparer.Ordinal)];
        List<Classification> plainResamples = [];
        for (int r = 0; r < resamples; r++)
        {
            ClipPrediction[] resample =
            [
                .. Enumerable
                    .Range(0, units.Length)
                    .Select(j => units[draws((uint)units.Length, ((ulong)r * (ulong)units.Length) + (ulong)j)])
                    .SelectMany(unit => clips.Where(clip => clip.Speaker == unit)),
            ];
            plainResamples.Add(Evaluate(resample));
        }
        var metricsOfAll = Evaluate(clips);
        var intervals = SpeakerBootstrap.Compute(PredictionBuilder.Labels, clips, resamples, draws);
        AssertNear(ComputePlainInterval(metrics => metrics.Uar), intervals.Uar);
        AssertNear(ComputePlainInterval(metrics => metrics.Accuracy), intervals.Accuracy);
        AssertNear(ComputePlainInterval(metrics => metrics.MacroF1), intervals.MacroF1);
        AssertNear(ComputePlainInterval(metrics => metrics.MacroAuc), intervals.MacroAuc);
        AssertNear(ComputePlainInterval(metrics => metrics.MacroAveragePrecision), intervals.MacroAveragePrecision);
        AssertNear(ComputePlainInterval(metrics => metrics.Ece), intervals.Ece);
        AssertNear(ComputePlainIntervalOfLoss(metrics => metrics.LogLoss), intervals.LogLoss);
        AssertNear(ComputePlainIntervalOfLoss(metrics => metrics.Brier), intervals.Brier);

        Assert.Equal(PredictionBuilder.Labels.Length, intervals.PerClass.Count);
        AssertNear(ComputePlainInterval(metrics => metrics.PerClass[1].Recall), intervals.PerClass[1].Recall);
        AssertNear(
            ComputePlainInterval(metrics => metrics.PerClass[2].Precision, CountSpeakersWith(2)),
            intervals.PerClass[2].Precision
        );
        AssertNear(
            ComputePlainInterval(metrics => metrics.PerClass[3].F1, CountSpeakersWith(3)),
            intervals.PerClass[3].F1
        );
        AssertNear(ComputePlainInterval(metrics => metrics.PerClass[0].Auc), intervals.PerClass[0].Auc);
        AssertNear(
            ComputePlainInterval(metrics => metrics.PerClass[1].AveragePrecision),
            intervals.PerClass[1].AveragePrecision
        );

        // The formula itself is compared with SciPy in BootstrapIntervalTests.
        ConfidenceInterval? ComputePlainInterval(Func<Classification, double> metric, int? units = null) =>
            BootstrapInterval.ComputeOfMetric(
                metric(metricsOfAll),
                [.. plainResamples.Select(metric)],
                units ?? speakers
            );

        // Every speaker has clips of every class; those with predictions are fewer.
        int CountSpeakersWith(int predicted) =>
            clips
                .Where(clip => clip.Predicted == PredictionBuilder.Labels[predicted])
                .Select(clip => clip.Speaker)
                .Distinct()
                .Count();

        ConfidenceInterval? ComputePlainIntervalOfLoss(Func<Classification, double> metric) =>
            BootstrapInterval.ComputeOfLoss(metric(metricsOfAll), [.. plainResamples.Select(metric)], speakers);
    }

    [Fact]
    public void The_interval_contains_the_metric_and_lies_within_0_and_1()
    {
        foreach (int seed in Enumerable.Range(0, 10))
        {
            var clips = PredictionBuilder.CreateRandom(seed, speakers: 12, clipsEach: 8);
            var metrics = Evaluate(clips);
            var intervals = SpeakerBootstrap.Compute(
                PredictionBuilder.Labels,
                clips,
                300,
                PredictionBuilder.CreateDraws((ulong)seed)
            );
            Assert.All(
                [
                    (metrics.Uar, intervals.Uar),
                    (metrics.Accuracy, intervals.Accuracy),
                    (metrics.MacroF1, intervals.MacroF1),
                    (metrics.MacroAuc, intervals.MacroAuc),
                ],
                pair =>
                {
                    Assert.InRange(pair.Item1, pair.Item2!.Value.Low, pair.Item2.Value.High);
                    Assert.True(pair.Item2.Value is { Low: >= 0, High: <= 1 });
                }
            );
        }
    }

    [Fact]
    public void The_same_number_of_clips_from_fewer_speakers_gives_a_wider_interval()
    {
        double fewSpeakersWidth = 0,
            manySpeakersWidth = 0,
            withoutSpeakersWidth = 0;
        foreach (int seed in Enumerable.Range(0, 10))
        {
            fewSpeakersWidth += Width(
                SpeakerBootstrap.Compute(
                    PredictionBuilder.Labels,
                    PredictionBuilder.CreateRandom(seed, speakers: 5, clipsEach: 40),
                    300,
                    PredictionBuilder.CreateDraws((ulong)seed)
                )
            );
            manySpeakersWidth += Width(
                SpeakerBootstrap.Compute(
                    PredictionBuilder.Labels,
                    PredictionBuilder.CreateRandom(seed, speakers: 50, clipsEach: 4),
                    300,
                    PredictionBuilder.CreateDraws((ulong)seed)
                )
            );
            withoutSpeakersWidth += Width(
                SpeakerBootstrap.Compute(
                    PredictionBuilder.Labels,
                    PredictionBuilder.CreateRandom(seed, 5, 40, withSpeakers: false),
                    300,
                    PredictionBuilder.CreateDraws((ulong)seed)
                )
            );
        }
        Assert.True(
            fewSpeakersWidth > 1.3 * manySpeakersWidth,
            $"{fewSpeakersWidth} with 5 speakers, {manySpeakersWidth} with 50"
        );
        Assert.True(
            fewSpeakersWidth > 1.3 * withoutSpeakersWidth,
            $"{fewSpeakersWidth} by speakers, {withoutSpeakersWidth} by clips"
        );

        static double Width(ConfidenceIntervals intervals) => intervals.Uar!.Value.High - intervals.Uar.Value.Low;
    }

    [Fact]
    public void The_same_clips_in_another_order_give_the_same_interval()
    {
        var clips = PredictionBuilder.CreateRandom(4, speakers: 9, clipsEach: 6);
        ClipPrediction[] shuffled = [.. clips.OrderBy(clip => clip.Probabilities[0])];
        var expected = Compute(clips);
        var actual = Compute(shuffled);
        Assert.Equal(expected.PerClass, actual.PerClass);
        Assert.Equal(expected.SparseClasses, actual.SparseClasses);
        Assert.Equal(WithoutLists(expected), WithoutLists(actual));

        static ConfidenceIntervals WithoutLists(ConfidenceIntervals intervals) =>
            intervals with
            {
                PerClass = [],

                SparseClasses = [],
            };

        static ConfidenceIntervals Compute(ClipPrediction[] predictions) =>
            SpeakerBootstrap.Compute(PredictionBuilder.Labels, predictions, 100, PredictionBuilder.CreateDraws(1));
    }

    [Fact]
    public void Clips_are_resampled_if_no_speakers_are_known()
    {
        var intervals = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            PredictionBuilder.CreateRandom(5, 4, 8, withSpeakers: false),
            100,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Equal((ResamplingUnit.Clip, 32, 100), (intervals.Unit, intervals.Units, intervals.Resamples));
        Assert.NotNull(intervals.Uar);
        Assert.Contains("no clip has a speaker", ConfidenceIntervalText.Describe(intervals), StringComparison.Ordinal);
    }

    [Fact]
    public void A_clip_without_a_speaker_is_resampled_on_its_own()
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder.CreateRandom(6, 3, 8),
            PredictionBuilder.Clip("/x.wav", null, 0, PredictionBuilder.CreateConfident(1)),
            PredictionBuilder.Clip("/y.wav", null, 1, PredictionBuilder.CreateConfident(1)),
        ];
        var intervals = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            clips,
            100,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Equal((ResamplingUnit.Speaker, 5), (intervals.Unit, intervals.Units));
        Assert.Contains(
            "(3) and the 2 clips without a speaker",
            ConfidenceIntervalText.Describe(intervals),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(9, "Only 9 speakers (fewer than 10)")]
    [InlineData(10, null)]
    public void Fewer_than_ten_speakers_are_warned_of(int speakers, string? expected)
    {
        var intervals = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            PredictionBuilder.CreateRandom(7, speakers, clipsEach: 8),
            100,
            PredictionBuilder.CreateDraws(1)
        );
        var warning = ConfidenceIntervalText.DescribeWarning(intervals);
        Assert.Equal(expected, warning?[..expected!.Length]);
        Assert.Contains(
            $"with small-sample correction (Student's t, {speakers - 1} degrees of freedom).",
            ConfidenceIntervalText.Describe(intervals),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void One_speaker_or_one_clip_has_no_interval_and_the_reason_is_given()
    {
        var speaker = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            PredictionBuilder.CreateRandom(7, speakers: 1, clipsEach: 9),
            100,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Null(speaker.Uar);
        Assert.Equal(0, speaker.Resamples);
        Assert.Contains("one speaker", ConfidenceIntervalText.Describe(speaker), StringComparison.Ordinal);
        var clip = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            [PredictionBuilder.Clip("/x.wav", null, 0, PredictionBuilder.CreateConfident(0))],
            100,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Null(clip.Accuracy);
        Assert.Contains("one clip", ConfidenceIntervalText.Describe(clip), StringComparison.Ordinal);
    }

    [Fact]
    public void A_resample_without_a_class_is_evaluated_on_its_classes()
    {
        // Two speakers, each of one class and always correct: half of the resamples have a single class.
        ClipPrediction[] clips =
        [
            PredictionBuilder.Clip("/a1.wav", "a", 0, PredictionBuilder.CreateConfident(0)),
            PredictionBuilder.Clip("/a2.wav", "a", 0, PredictionBuilder.CreateConfident(0)),
            PredictionBuilder.Clip("/b1.wav", "b", 1, PredictionBuilder.CreateConfident(1)),
            PredictionBuilder.Clip("/b2.wav", "b", 1, PredictionBuilder.CreateConfident(1)),
        ];
        var intervals = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            clips,
            500,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Equal((null, null), (intervals.Uar, intervals.MacroAuc)); // 1 in every resample: no variation is known
        // Two of the four labels have no clips: they count as 0, as in the metric itself; a class that a resample lost
        // does not count.
        var macroF1 = ResampledMetrics
            .Compute(PredictionBuilder.Labels, clips, 500, PredictionBuilder.CreateDraws(1))
            .Resampled[BootstrapMetrics.MacroF1];
        Assert.Equal([1 / 3.0, 0.5], macroF1.Distinct().Order());
        Assert.Equal((null, null), (intervals.PerClass[2].Recall, intervals.PerClass[2].F1));
    }

    [Fact]
    public void A_class_of_one_speaker_has_no_interval_and_is_named_in_the_warning()
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder.CreateRandom(8, speakers: 12, clipsEach: 8).Where(clip => clip.Truth != "sad"),
            .. Enumerable
                .Range(0, 4)
                .Select(i =>
                    PredictionBuilder.Clip(
                        $"/sad{i}.wav",
                        "s1",
                        3,
                        PredictionBuilder.CreateConfident(i % 2 == 0 ? 3 : 0)
                    )
                ),
        ];
        var intervals = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            clips,
            100,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Null(intervals.PerClass[3].Recall);
        Assert.NotNull(intervals.PerClass[0].Recall);
        Assert.Equal(["sad"], intervals.SparseClasses);
        Assert.StartsWith(
            "Clips of fewer than 5 speakers: sad.",
            ConfidenceIntervalText.DescribeWarning(intervals),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_AUC_has_no_interval_if_no_resample_has_two_classes()
    {
        ClipPrediction[] clips =
        [
            PredictionBuilder.Clip("/a.wav", "a", 0, PredictionBuilder.CreateConfident(0)),
            PredictionBuilder.Clip("/b.wav", "b", 0, PredictionBuilder.CreateConfident(1)),
        ];
        var intervals = SpeakerBootstrap.Compute(
            PredictionBuilder.Labels,
            clips,
            100,
            PredictionBuilder.CreateDraws(1)
        );
        Assert.Null(intervals.MacroAuc);
        Assert.Equal(new ConfidenceInterval(0, 1), intervals.Uar);
    }

    private static Classification Evaluate(ClipPrediction[] clips) =>
        Classification.Compute(
            EvaluationResult.MapTruthToIndices(PredictionBuilder.Labels, clips),
            [.. clips.Select(clip => clip.Probabilities)],
            PredictionBuilder.Labels
        );

    private static void AssertNear(ConfidenceInterval? expected, ConfidenceInterval? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } bounds && actual is { } computed)
            FloatAssert.Near([bounds.Low, bounds.High], [computed.Low, computed.High], 1e-12);
    }
}
