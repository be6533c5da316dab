using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Folds and splits of experiments, as asked for by their options.</summary>
public sealed class SplitExperimentTests : IDisposable
{
    private static readonly string[] Voices = ["d", "b", "a", "c"];

    private readonly TempFolder folder = new();
    private readonly FeatureStore store;

    public SplitExperimentTests() =>
        store = SpeakerStoreBuilder.Create(folder.PathOf("store"), SpeakerStoreBuilder.Clips(Voices, 9));

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Leaving_one_speaker_out_tests_one_speaker_per_fold()
    {
        var experiment = new Experiment(store, Options(FoldCount.Speakers));
        Assert.Equal([1, 2, 3, 4], experiment.FoldNumbers);
        var result = Train(experiment, 1, 2, 3, 4);
        Assert.Equal(
            [(1, "a"), (2, "b"), (3, "c"), (4, "d")],
            result.Predictions.Select(clip => (clip.Fold!.Value, clip.Speaker!)).Distinct().Order()
        );
        Assert.Equal([1, 2, 3, 4], result.Protocol.TrainedFolds);
        Assert.True(result.Protocol.SpeakersDisjoint && result.Protocol.Split!.LeavesOneSpeakerOut);
    }

    [Fact]
    public void The_protocol_has_the_folds_that_are_trained()
    {
        var result = Train(new Experiment(store, Options(FoldCount.Speakers)), 2, 4);
        Assert.Equal([2, 4], result.Protocol.TrainedFolds);
        Assert.Equal(["b", "d"], result.Predictions.Select(clip => clip.Speaker).Distinct().Order());
    }

    [Fact]
    public void Without_folds_there_is_one_fold_number() =>
        Assert.Equal([null], new Experiment(store, Options(FoldCount.None)).FoldNumbers);

    [Fact]
    public void More_folds_than_speakers_are_refused_unless_an_earlier_version_started_the_run()
    {
        var options = Options(5);
        var message = Assert.Throws<InvalidInputException>(() => new Experiment(store, options)).Message;
        Assert.Contains("4 speakers are named", message, StringComparison.Ordinal);
        var experiment = new Experiment(store, options with { ClipsIfTooFewSpeakers = true });
        Assert.Equal([1, 2, 3, 4, 5], experiment.FoldNumbers);
        Assert.Equal(SplitKind.Clip, experiment.Splits[0].Facts.Kind);
    }

    [Fact]
    public void A_split_by_speaker_of_two_speakers_is_refused_unless_an_earlier_version_started_the_run()
    {
        using var pair = SpeakerStoreBuilder.Create(folder.PathOf("pair"), SpeakerStoreBuilder.Clips(["a", "b"], 9));
        var options = Options(FoldCount.None, SplitMethod.Speaker);
        Assert.Throws<InvalidInputException>(() => new Experiment(pair, options));
        var experiment = new Experiment(pair, options with { ClipsIfTooFewSpeakers = true });
        Assert.Equal(SplitKind.Clip, experiment.Splits[0].Facts.Kind);
    }

    [Theory]
    [InlineData("default", SplitMethod.Default, "0", SplitMethod.Default)]
    [InlineData("original", SplitMethod.Default, "0", SplitMethod.Random)]
    [InlineData("original", SplitMethod.Default, "5", SplitMethod.Random)]
    [InlineData("original", SplitMethod.Default, "speakers", SplitMethod.Default)]
    [InlineData("original", SplitMethod.Speaker, "5", SplitMethod.Speaker)]
    [InlineData("default", SplitMethod.Random, "5", SplitMethod.Random)]
    public void The_original_recipe_splits_at_random_unless_asked_otherwise(
        string recipe,
        SplitMethod split,
        string folds,
        SplitMethod expected
    )
    {
        var training = recipe == "original" ? TrainingOptions.OriginalRecipe : new TrainingOptions();
        var options = new ExperimentOptions
        {
            Training = training,
            Folds = FoldCount.Parse(folds),
            Split = split,
        };
        Assert.Equal(expected, options.ResolvedSplit);
    }

    [Theory]
    [InlineData("2", SplitMethod.Default, "folds 2: expected 0")]
    [InlineData("1001", SplitMethod.Default, "folds 1001: expected 0")]
    [InlineData("speakers", SplitMethod.Random, "folds speakers: split random assigns clips")]
    [InlineData("5", SplitMethod.Manifest, "folds 5: split manifest is one train/validation/test split")]
    public void Invalid_folds_are_errors(string folds, SplitMethod split, string expected) =>
        Assert.StartsWith(
            expected,
            $"{Assert.Single(Options(FoldCount.Parse(folds), split).Errors())}",
            StringComparison.Ordinal
        );

    [Fact]
    public void A_run_has_started_when_its_checkpoints_have_a_file()
    {
        var run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        Assert.False(run.HasStarted);
        Directory.CreateDirectory(run.GetModelFolder(1));
        Assert.False(run.HasStarted);
        File.WriteAllText(Path.Combine(run.GetModelFolder(1), "model"), "");
        Assert.True(run.HasStarted);
    }

    private static ExperimentOptions Options(FoldCount folds, SplitMethod split = SplitMethod.Default) =>
        new()
        {
            Training = new()
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 1,
            },
            Folds = folds,
            Split = split,
        };

    private EvaluationResult Train(Experiment experiment, params int[] folds)
    {
        var run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        foreach (var fold in folds)
            experiment.Train(fold, new(run, [], "test", TimeProvider.System), null, CancellationToken.None);
        return experiment.Evaluate(run, CancellationToken.None);
    }
}
