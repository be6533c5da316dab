using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Prediction;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>
/// Models that are evaluated on clips which a user gave: their own training clips, or those of others.
/// </summary>
public sealed class TrainingClipsTests(TrainedRuns trained) : IClassFixture<TrainedRuns>
{
    private static readonly string[] Others = ["e", "f"];

    [Fact]
    public void An_ensemble_of_folds_is_refused_on_clips_that_its_members_trained_on()
    {
        var error = Assert.Throws<InvalidInputException>(() => Evaluate(trained.Folds, trained.Store));
        Assert.StartsWith(
            "36 of 36 clips (for example /clips/000.wav) are training clips of the 3 models",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_ensemble_of_folds_is_evaluated_on_other_clips()
    {
        using var store = trained.CreateOthers("ensemble", Others);
        var result = Evaluate(trained.Folds, store);
        Assert.Equal((3, 0, 0), Counts(result));
        Assert.True(result.Protocol.SpeakersDisjoint);
        Assert.Contains(
            "None of them has the samples",
            ProtocolText.Describe(result.Protocol),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_renamed_copy_of_a_training_clip_is_recognized()
    {
        var first = trained.Store.Clips[0];
        FeatureStoreBuilder.Write(
            trained.PathOf("copy"),
            SpeakerStoreBuilder.Encoder,
            [new("/elsewhere/renamed.wav", first.Label!, "z", new float[120]) { Key = first.Key }]
        );
        using var store = FeatureStore.Open([trained.PathOf("copy")]);
        Assert.Throws<InvalidInputException>(() => Evaluate(trained.Folds, store));
    }

    [Fact]
    public void A_single_model_on_its_training_clips_is_reported_with_their_number()
    {
        var split = trained.Single.Experiment.Splits[0].Facts;
        var result = Evaluate(trained.Single, trained.Store);
        Assert.Equal((1, split.Train.Clips, split.Validation.Clips), Counts(result));
        Assert.False(result.Protocol.SpeakersDisjoint);
        Assert.Contains(
            $"The model has seen {split.Train.Clips} clips of its training set and {split.Validation.Clips} clips of "
                + "its validation set: the metrics overestimate performance on new clips.",
            ProtocolText.Describe(result.Protocol),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Other_clips_of_training_speakers_are_reported_as_leaking()
    {
        using var store = trained.CreateOthers("speakers", ["e", .. TrainedRuns.Voices]);
        var result = Evaluate(trained.Folds, store);
        Assert.Equal(4, result.Protocol.Overlap!.SharedSpeakers);
        Assert.False(result.Protocol.SpeakersDisjoint);
        Assert.Contains("4 speakers have the name", ProtocolText.Describe(result.Protocol), StringComparison.Ordinal);
    }

    [Fact]
    public void The_clips_of_an_older_run_come_from_its_configuration_and_features()
    {
        using var run = trained.Start("older", folds: 0);
        run.RecordStart();
        run.Train(progress: null, CancellationToken.None);
        File.Delete(Path.Combine(run.Directory.Checkpoints, TrainingClipsFile.FileName));
        var split = run.Experiment.Splits[0].Facts;
        Assert.Equal((1, split.Train.Clips, split.Validation.Clips), Counts(Evaluate(run, trained.Store)));
    }

    [Fact]
    public void Clips_that_cannot_be_checked_are_reported_as_such()
    {
        using var run = trained.Start("unrecorded", folds: 0);
        run.Train(progress: null, CancellationToken.None);
        File.Delete(Path.Combine(run.Directory.Checkpoints, TrainingClipsFile.FileName));
        var result = Evaluate(run, trained.Store);
        Assert.Contains("features of its run have changed", result.Protocol.Overlap!.Unknown, StringComparison.Ordinal);
        Assert.Contains("cannot be checked", ProtocolText.Describe(result.Protocol), StringComparison.Ordinal);
    }

    [Fact]
    public void The_label_map_and_the_classes_that_only_one_has_are_reported()
    {
        using var store = trained.CreateOthers("corpus", Others);
        var rules = LabelRules.Parse(["l0=l1"], ["l2"], null);
        var result = Evaluate(trained.Folds, store, rules);
        Assert.Equal(
            [new MappedLabel("l0", "l1", 6), new MappedLabel("l1", "l1", 6), new MappedLabel("l2", null, 6)],
            result.Protocol.LabelMap!.Labels
        );
        Assert.Equal(
            "Labels with another class: l0 as l1 (6). Labels that only the clips have, left out: l2 (6). Classes that "
                + "only the model has: l0, l2; clips that are predicted as one of them count as errors.",
            LabelMapText.Describe(result)
        );
    }

    [Fact]
    public void Classes_that_the_model_does_not_have_are_refused_with_their_numbers()
    {
        using var store = trained.CreateOthers("unknown", Others);
        var rules = LabelRules.Parse(["l0=bored"], [], null);
        var error = Assert.Throws<InvalidInputException>(() => Evaluate(trained.Folds, store, rules));
        Assert.Contains(
            "classes that only the clips have: bored (6); the model's are l0, l1, l2; of l0 there are no clips",
            error.Message,
            StringComparison.Ordinal
        );
    }

    private static (int Models, int Training, int Validation) Counts(EvaluationResult result) =>
        result.Protocol.Overlap is { } overlap
            ? (overlap.Models, overlap.TrainingClips, overlap.ValidationClips)
            : default;

    private static EvaluationResult Evaluate(TrainingRun run, FeatureStore store, LabelRules? rules = null)
    {
        var models = RunDirectory.FindModels(run.Directory.WorkFolder, run.Directory.Name);
        using var ensemble = Ensemble.Load(models, threads: 1);
        var options = new ExperimentOptions { LabelRules = rules ?? LabelRules.None };
        return Experiment.EvaluateAll(store, ensemble, options, CancellationToken.None, TrainingClips.Find(models));
    }
}
