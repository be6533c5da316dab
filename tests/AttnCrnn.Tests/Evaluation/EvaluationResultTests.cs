using AttnCrnn.Evaluation;

namespace AttnCrnn.Tests.Evaluation;

public sealed class EvaluationResultTests
{
    [Fact]
    public void Pooled_metrics_weight_clips_and_fold_metrics_weight_folds_equally()
    {
        // Fold 1: 8 of 8 clips correct. Fold 2: 1 of 4 clips correct.
        ClipPrediction[] clips =
        [
            .. PredictionBuilder.Clips(speakers: 2, clipsEach: 4, rightOf: 4).Select(clip => clip with { Fold = 1 }),
            .. PredictionBuilder
                .Clips(speakers: 3, clipsEach: 4, rightOf: 1)
                .Skip(8)
                .Select(clip => clip with { Fold = 2 }),
        ];
        var result = PredictionBuilder.Result(clips);
        Assert.Equal(9 / 12.0, result.Metrics.Accuracy, 1e-12);
        Assert.Equal(
            [(1, 2, 8), (2, 1, 4)],
            result.Folds.Select(fold => (fold.Fold, fold.Speakers, fold.Metrics.ClipCount))
        );
        Assert.Equal([1.0, 0.25], result.Folds.Select(fold => fold.Metrics.Uar));
        Assert.Equal(0.625, result.FoldUar!.Value.Mean, 1e-12);
        Assert.Equal(0.75 / Math.Sqrt(2), result.FoldAccuracy!.Value.StandardDeviation!.Value, 1e-12);
        Assert.Equal(3, result.SpeakerCount);
    }

    [Fact]
    public void No_folds_have_no_summary_and_one_fold_no_standard_deviation()
    {
        Assert.Null(PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, 3, 4)).FoldUar);
        Assert.Null(
            PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, 3, 4, folds: 1)).FoldUar!.Value.StandardDeviation
        );
    }

    [Fact]
    public void An_empty_subset_and_an_unknown_label_are_rejected()
    {
        Assert.Contains(
            "empty",
            Assert.Throws<InvalidInputException>(() => PredictionBuilder.Result([])).Message,
            StringComparison.Ordinal
        );
        var unknownLabel = PredictionBuilder.Clip("/x.wav", "a", 0, PredictionBuilder.CreateConfident(0)) with
        {
            Truth = "bored",
        };
        Assert.Contains(
            "'bored'",
            Assert.Throws<InvalidInputException>(() => PredictionBuilder.Result([unknownLabel])).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Predictions_that_contradict_their_probabilities_or_mix_trainings_are_rejected()
    {
        var clip = PredictionBuilder.Clip("/x.wav", "a", 0, PredictionBuilder.CreateConfident(0));
        Assert.Throws<ArgumentException>(() => PredictionBuilder.Result([clip with { Predicted = "sad" }]));
        Assert.Throws<ArgumentException>(() =>
            PredictionBuilder.Result([
                clip with
                {
                    Fold = 1,
                },
                PredictionBuilder.Clip("/y.wav", "a", 0, PredictionBuilder.CreateConfident(0)),
            ])
        );
    }

    [Fact]
    public void Pooling_keeps_the_order_of_the_clips_whatever_the_order_of_the_folds()
    {
        var clips = PredictionBuilder.CreateRandom(2, speakers: 6, clipsEach: 3, folds: 3);
        ClipKey[] expected = [.. clips.Select(clip => clip.Key)];
        var pooled = CrossValidation.Pool(
            clips.GroupBy(clip => clip.Fold).Reverse().Select(fold => fold.ToList()),
            expected,
            speakersDisjoint: true
        );
        Assert.Equal(clips, pooled);
    }

    [Fact]
    public void Pooling_names_duplicate_missing_and_unknown_clips()
    {
        var clips = PredictionBuilder.CreateRandom(2, speakers: 4, clipsEach: 3, folds: 2);
        ClipKey[] expected = [.. clips.Select(clip => clip.Key)];
        Assert.Contains(
            "predicted 2 times (folds 1, 2)",
            PoolingError([.. clips, clips[0] with { Fold = 2 }], expected),
            StringComparison.Ordinal
        );
        Assert.Contains("1 of 12 clips", PoolingError(clips[1..], expected), StringComparison.Ordinal);
        Assert.Contains(clips[0].Path, PoolingError(clips[1..], expected), StringComparison.Ordinal);
        Assert.Contains("not among", PoolingError(clips, expected[1..]), StringComparison.Ordinal);
    }

    [Fact]
    public void Pooling_detects_a_speaker_tested_in_two_speaker_disjoint_folds()
    {
        var clips = PredictionBuilder.CreateRandom(2, speakers: 4, clipsEach: 3, folds: 2);
        clips[0] = clips[0] with { Fold = 2 };
        Assert.Contains(
            "speaker s0",
            PoolingError(clips, [.. clips.Select(clip => clip.Key)]),
            StringComparison.Ordinal
        );
        Assert.Equal(
            12,
            CrossValidation.Pool([clips], [.. clips.Select(clip => clip.Key)], speakersDisjoint: false).Count
        );
    }

    [Fact]
    public void Two_segments_of_a_recording_are_two_clips()
    {
        var clip = PredictionBuilder.Clip("/talk.wav", "a", 0, PredictionBuilder.CreateConfident(0));
        var result = PredictionBuilder.Result([
            clip with
            {
                StartSeconds = 0,
                EndSeconds = 2.5,
            },
            clip with
            {
                StartSeconds = 2.5,
                EndSeconds = 5,
            },
        ]);
        Assert.Equal(2, result.Metrics.ClipCount);
        Assert.Equal("/talk.wav [2.5 s to 5 s]", result.Predictions[1].Key.ToString());
        Assert.Throws<InvalidOperationException>(() => PredictionBuilder.Result([clip, clip]));
    }

    private static string PoolingError(ClipPrediction[] clips, ClipKey[] expected) =>
        Assert
            .Throws<InvalidOperationException>(() => CrossValidation.Pool([clips], expected, speakersDisjoint: true))
            .Message;
}
