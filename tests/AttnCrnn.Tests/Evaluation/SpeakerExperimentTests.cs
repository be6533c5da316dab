using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Runs;
using AttnCrnn.Tests.Training;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Evaluation;

public sealed class SpeakerExperimentTests : IDisposable
{
    private static readonly string[] Voices = [.. Enumerable.Range(1, 8).Select(voice => $"voice-of-{voice}")];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_model_of_speaker_normalisation_judges_strangers_by_their_own_clips_and_knows_nothing_of_anybody()
    {
        using var store = VoiceStore.Make(At("store"), VoiceStore.Clips(Voices, 12));
        var (run, result) = Trained(
            store,
            new()
            {
                Epochs = 10,
                BatchSize = 8,
                Threads = 2,
                LearningRate = 3e-3,
                Normalize = "speaker",
            }
        );
        Assert.True(result.Metrics.Accuracy > 0.9, $"{result.Metrics.Accuracy}");
        Assert.Equal(
            new SpeakerNormalizationReport(result.Metrics.ClipCount, 0, 0),
            result.Protocol.SpeakerNormalization
        );
        Assert.True(result.Protocol.SpeakerNormalization!.IsTransductive);

        using var model = Ensemble.Load(RunDirectory.ModelFolder(run.WorkFolder, run.Name), 2);
        // Other people, other microphones: what they have said is all that is needed.
        using var others = VoiceStore.Make(At("others"), VoiceStore.Clips(["ina", "jon"], 12, loudest: 300, seed: 9));
        var strangers = Experiment.EvaluateAll(
            others,
            model,
            new(new(), LabelRules.Parse([], [], null)),
            CancellationToken.None
        );
        Assert.True(strangers.Metrics.Accuracy > 0.9, $"{strangers.Metrics.Accuracy}");
        Assert.Equal(new SpeakerNormalizationReport(24, 0, 0), strangers.Protocol.SpeakerNormalization);
        // The same clips without a name go by the training side's figures, which are not theirs.
        using var nameless = VoiceStore.Make(At("nameless"), VoiceStore.Clips([null, null], 12, loudest: 300, seed: 9));
        var unnamed = Experiment.EvaluateAll(
            nameless,
            model,
            new(new(), LabelRules.Parse([], [], null)),
            CancellationToken.None
        );
        Assert.True(unnamed.Metrics.Accuracy < 0.7, $"{unnamed.Metrics.Accuracy}");
        Assert.Equal(new SpeakerNormalizationReport(0, 24, 0), unnamed.Protocol.SpeakerNormalization);
        Assert.False(unnamed.Protocol.SpeakerNormalization!.IsTransductive);

        foreach (var file in Directory.GetFiles(run.Checkpoints, "*", SearchOption.AllDirectories))
            Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("voice-of-"u8));
    }

    [Fact]
    public void Clips_without_a_label_count_towards_their_speakers_figures()
    {
        var clips = VoiceStore.Clips(["a", "b", "c"], 9).ToList();
        var loud = clips.Select(
            (clip, at) =>
                at % 9 == 0 ? ("odd", clip.Speaker, clip.Values.Select(value => value + 1000).ToArray()) : clip
        );
        using var store = VoiceStore.Make(At("store"), loud);
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 4,
            Threads = 1,
            Normalize = "speaker",
        };
        var (_, with) = Trained(store, options, drop: ["odd"]);
        using var without = VoiceStore.Make(At("without"), clips.Where((_, at) => at % 9 != 0));
        var (_, apart) = Trained(without, options);
        Assert.Equal(apart.Metrics.ClipCount, with.Metrics.ClipCount);
        Assert.NotEqual(apart.Predictions[0].Probabilities, with.Predictions[0].Probabilities);
    }

    [Fact]
    public void Clips_that_name_nobody_and_speakers_with_too_little_are_counted_and_go_by_the_training_side()
    {
        // One clip a speaker for d, and none named for the last: clips are dealt then, not speakers.
        var clips = VoiceStore.Clips(["a", "b", "c", null], 12).Concat(VoiceStore.Clips(["d"], 1)).ToList();
        using var store = VoiceStore.Make(At("store"), clips);
        var experiment = new Experiment(store, Options(new() { Normalize = "speaker" }));
        Assert.Equal(new SpeakerNormalizationReport(36, 12, 1), experiment.Adaptation);
        Assert.Contains(
            "12 that name no speaker, 1 whose speaker has fewer than 2 clips or 200 frames",
            experiment.Adaptation!.Description,
            StringComparison.Ordinal
        );
        Assert.Contains("36 of 49", experiment.Adaptation.Description, StringComparison.Ordinal);
        Assert.Null(new Experiment(store, Options(new())).Adaptation);
    }

    [Fact]
    public void Where_no_clip_could_be_normalised_by_speaker_training_so_is_refused()
    {
        using var store = VoiceStore.Make(At("store"), VoiceStore.Clips([null], 12));
        var fault = Assert.Throws<InvalidInputException>(() =>
            new Experiment(store, Options(new() { Normalize = "speaker" }))
        );
        Assert.Contains("12 that name no speaker", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--normalize corpus", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_are_pooled_and_each_clip_goes_by_its_own_speaker()
    {
        using var store = VoiceStore.Make(At("store"), VoiceStore.Clips(Voices[..3], 10));
        var (_, result) = Trained(
            store,
            new()
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 2,
                Normalize = "speaker",
            },
            folds: 3
        );
        Assert.Equal(new SpeakerNormalizationReport(30, 0, 0), result.Protocol.SpeakerNormalization);
        Assert.Equal(3, result.Folds.Count);
    }

    private string At(string name) => folder.At(name);

    private static ExperimentOptions Options(TrainingOptions training, int folds = 0, string[]? drop = null) =>
        new(training, LabelRules.Parse([], drop ?? [], null), folds);

    private (RunDirectory Run, EvaluationResult Result) Trained(
        FeatureStore store,
        TrainingOptions training,
        int folds = 0,
        string[]? drop = null
    )
    {
        var experiment = new Experiment(store, Options(training, folds, drop));
        var run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        foreach (var fold in experiment.FoldNumbers)
            experiment.Train(fold, run, [], "test", TimeProvider.System, null, CancellationToken.None);
        return (run, experiment.Evaluate(run, CancellationToken.None));
    }
}
