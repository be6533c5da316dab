using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Prediction;
using AttnCrnn.Reports;
using AttnCrnn.Runs;
using AttnCrnn.Tests.Training;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Runs;

/// <summary>
/// Copies of training clips, clips of another corpus, and test clips that the model which a training started from has
/// seen: found by what the features of the earlier training tell.
/// </summary>
public sealed class KnownClipsTests : IDisposable
{
    private static readonly string[] Speakers = ["ravdess_01", "ravdess_02", "ravdess_03", "ravdess_04"];

    private readonly TempFolder folder = new();

    public KnownClipsTests() => WriteStore("features", Speakers, first: 0).Dispose();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Another_gain_of_a_training_clip_is_counted_as_a_near_copy()
    {
        var run = Train("work");
        using var store = WriteStore("copies", ["emodb_03"], first: 100, copyOf: 0);
        var overlap = Evaluate(run, store).Protocol.Overlap!;
        Assert.Equal((0, 0, 1), (overlap.TrainingClips, overlap.ValidationClips, overlap.NearCopies));
        Assert.Equal("/copies/0.wav", overlap.Example);
        Assert.False(overlap.SpeakersDisjoint);
        Assert.Contains(
            "The model has seen 1 clip with nearly the sound of a clip of these sets: the metrics overestimate",
            ProtocolText.Describe(Evaluate(run, store).Protocol),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_ensemble_is_refused_on_near_copies()
    {
        var run = Train("work", folds: 3);
        using var store = WriteStore("copies", ["emodb_03"], first: 100, copyOf: 0);
        var error = Assert.Throws<InvalidInputException>(() => Evaluate(run, store));
        Assert.StartsWith(
            "1 of 9 clips (for example /copies/0.wav) are training clips of the 3 models of this ensemble, or have "
                + "nearly the sound of one (1)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Copies_are_not_looked_for_without_the_features_of_the_training()
    {
        var run = Train("work");
        Directory.Move(folder.PathOf("features"), folder.PathOf("moved"));
        using var store = WriteStore("copies", ["emodb_03"], first: 100, copyOf: 0);
        var protocol = Evaluate(run, store).Protocol;
        Assert.Null(protocol.Overlap!.NearCopies);
        Assert.Contains("are not looked for", ProtocolText.Describe(protocol), StringComparison.Ordinal);
    }

    [Fact]
    public void Clips_of_another_known_corpus_are_a_cross_corpus_evaluation()
    {
        var run = Train("work");
        using var store = WriteStore("other", ["emodb_03", "emodb_08"], first: 100);
        var result = Evaluate(run, store);
        Assert.True(result.Protocol.Overlap!.IsCrossCorpus);
        Assert.Contains(
            "cross-corpus, trained on RAVDESS and evaluated on EMO-DB",
            ClaimText.Describe(result),
            StringComparison.Ordinal
        );
        Assert.Contains("or nearly the sound of", ProtocolText.Describe(result.Protocol), StringComparison.Ordinal);
        using var own = WriteStore("own", ["emodb_03", "me"], first: 200);
        Assert.False(Evaluate(run, own).Protocol.Overlap!.IsCrossCorpus);
    }

    [Fact]
    public void An_initial_model_that_has_seen_test_clips_is_refused_unless_allowed()
    {
        var initial = Train("work");
        var options = CreateOptions(initial) with { Speakers = new([FindSpeaker(initial, Subset.Train)], []) };
        var error = Assert.Throws<InvalidInputException>(() => Start("second", options));
        Assert.Contains(
            "9 test clips are in the training or validation set of the initial",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("allow leak:initial_model", error.Message, StringComparison.Ordinal);
        var result = Finish("second", options with { Allow = ["leak:initial_model"] });
        Assert.Equal([new(LeakKind.InitialModel, 9, true)], result.Protocol.Leaks.Select(WithoutExample));
        Assert.False(result.Protocol.IsSpeakerIndependent);
        Assert.Contains(
            "Of the test clips: The model has seen 9 clips of its training set",
            ProtocolText.Describe(result.Protocol),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_initial_model_with_the_same_test_clips_keeps_the_split_speaker_independent()
    {
        var initial = Train("work");
        var test = FindSpeaker(initial, Subset.Test);
        var validation = FindSpeaker(initial, Subset.Validation);
        var result = Finish("second", CreateOptions(initial) with { Speakers = new([test], [validation]) });
        Assert.True(result.Protocol.IsSpeakerIndependent);
        Assert.Contains(
            "Of the test clips: None of them has the samples, the path, or nearly the sound of",
            ProtocolText.Describe(result.Protocol),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_chain_of_initial_models_is_followed_to_the_first()
    {
        var first = Train("work");
        var second = TrainFrom(first, "second");
        var result = Finish("third", CreateOptions(second) with { Speakers = FindSpeakers(first) });
        Assert.True(result.Protocol.IsSpeakerIndependent);
        // Without the file of the second, whose run names the first; then without what the first was trained on.
        File.Delete(ModelFolder.GetBestModelPath(second.Checkpoints));
        using var third = Open("third");
        Assert.True(third.Evaluate(writer: null, CancellationToken.None).Protocol.IsSpeakerIndependent);
        File.Delete(Path.Combine(first.Checkpoints, TrainingClipsFile.FileName));
        File.Delete(first.Configuration);
        using var again = Open("third");
        var unknown = again.Evaluate(writer: null, CancellationToken.None).Protocol;
        Assert.False(unknown.IsSpeakerIndependent);
        Assert.StartsWith("training started from", unknown.InitialOverlap!.Unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_started_from_one_of_the_evaluated_corpus_is_not_evaluated_across_corpora()
    {
        using (WriteStore("other", ["emodb_03", "emodb_08", "emodb_09", "emodb_10"], first: 100)) { }
        using var first = Start("first", CreateOptions(), "other");
        first.Train(progress: null, CancellationToken.None);
        var second = TrainFrom(first.Directory, "second", speakers: SpeakerLists.None);
        using var store = FeatureStore.Open([folder.PathOf("other")]);
        var result = Evaluate(second, store);
        Assert.False(result.Protocol.Overlap!.IsCrossCorpus);
        Assert.True(result.Protocol.Overlap.TrainingClips > 0);
        Assert.Equal(["EMO-DB", "RAVDESS"], result.Protocol.Overlap.TrainingCorpora);
    }

    [Fact]
    public void A_training_clip_with_silence_around_it_is_known_though_it_is_too_short_for_a_fingerprint()
    {
        static ClipAudit Short(int silence) =>
            ClipAudit.Create(
                new(
                    [
                        .. new float[silence],
                        .. Enumerable.Range(0, 4000).Select(i => MathF.Sin(i * i * 1e-4f)),
                        .. new float[silence],
                    ],
                    0,
                    []
                ),
                findings: []
            );
        Assert.Empty(Short(0).Fingerprint);
        WriteStore("features", Speakers, first: 0, firstAudit: Short(0)).Dispose();
        var run = Train("work");
        using var store = WriteStore("copies", ["emodb_03"], first: 100, firstAudit: Short(3000));
        Assert.Equal(1, Evaluate(run, store).Protocol.Overlap!.NearCopies);
    }

    [Fact]
    public void The_evaluation_of_a_training_that_was_interrupted_says_so()
    {
        using var run = Start("work", CreateOptions(epochs: 3));
        using var stop = new CancellationTokenSource();
        var progress = new ActionAtStep(epoch: 2, step: 1, stop.Cancel);
        Assert.Throws<OperationCanceledException>(() => run.Train(progress, stop.Token));
        var interrupted = run.Evaluate(writer: null, CancellationToken.None);
        Assert.Equal(1, interrupted.Protocol.UnfinishedTrainings);
        Assert.Contains(
            "The training had not ended",
            ProtocolText.Describe(interrupted.Protocol),
            StringComparison.Ordinal
        );
        using var store = WriteStore("other", ["emodb_03"], first: 100);
        Assert.Contains(
            "The training had not ended",
            ProtocolText.Describe(Evaluate(run.Directory, store).Protocol),
            StringComparison.Ordinal
        );
        run.Train(progress: null, CancellationToken.None);
        Assert.Equal(0, run.Evaluate(writer: null, CancellationToken.None).Protocol.UnfinishedTrainings);
    }

    private static Leak WithoutExample(Leak leak) => leak with { Example = "" };

    private static EvaluationResult Evaluate(RunDirectory run, FeatureStore store)
    {
        var models = RunDirectory.FindModels(run.WorkFolder, run.Name);
        using var ensemble = Ensemble.Load(models, threads: 1);
        return Experiment.EvaluateAll(store, ensemble, new(), CancellationToken.None, TrainingClips.Find(models));
    }

    private static string FindSpeaker(RunDirectory run, Subset subset)
    {
        using var opened = Open(run);
        var clip = opened.Experiment.Splits[0].GetIndices(subset)[0];
        return opened.Store.Clips[clip].Speaker!;
    }

    private static SpeakerLists FindSpeakers(RunDirectory run) =>
        new([FindSpeaker(run, Subset.Test)], [FindSpeaker(run, Subset.Validation)]);

    private static TrainingRun Open(RunDirectory run) =>
        TrainingRun.Open(run, run.ReadConfiguration(_ => { }), RunProgram.Current, withInitialModel: false);

    private TrainingRun Open(string work) =>
        Open(new RunDirectory(folder.PathOf(work), Assert.Single(RunDirectory.List(folder.PathOf(work)))));

    private RunDirectory TrainFrom(RunDirectory initial, string work, SpeakerLists? speakers = null)
    {
        using var run = Start(work, CreateOptions(initial) with { Speakers = speakers ?? FindSpeakers(initial) });
        run.Train(progress: null, CancellationToken.None);
        return run.Directory;
    }

    private RunDirectory Train(string work, int folds = 0)
    {
        using var run = Start(work, CreateOptions() with { Folds = folds });
        run.Train(progress: null, CancellationToken.None);
        return run.Directory;
    }

    private EvaluationResult Finish(string work, ExperimentOptions options)
    {
        using var run = Start(work, options);
        run.Train(progress: null, CancellationToken.None);
        return run.Evaluate(writer: null, CancellationToken.None);
    }

    private TrainingRun Start(string work, ExperimentOptions options, string features = "features") =>
        TrainingRun.Start(
            new()
            {
                DataFolders = [folder.PathOf(features)],
                WorkFolder = folder.PathOf(work),
                Experiment = options,
            },
            RunProgram.Current
        );

    private static ExperimentOptions CreateOptions(int epochs = 1) =>
        new()
        {
            Training = new()
            {
                Epochs = epochs,
                BatchSize = 8,
                Threads = 1,
            },
        };

    private static ExperimentOptions CreateOptions(RunDirectory initial) =>
        CreateOptions() with
        {
            InitialPath = ModelFolder.GetBestModelPath(initial.Checkpoints),
        };

    // Nine clips per speaker, each with the fingerprint of another utterance; the first may be a copy of one of them.
    private FeatureStore WriteStore(
        string name,
        IReadOnlyList<string> speakers,
        uint first,
        uint? copyOf = null,
        ClipAudit? firstAudit = null
    )
    {
        Directory.CreateDirectory(folder.PathOf(name));
        Directory.Delete(folder.PathOf(name), recursive: true);
        firstAudit ??= copyOf is { } copied ? SyntheticUtterances.Audit(copied, gain: 0.4f) : null;
        FeatureStoreBuilder.Write(
            folder.PathOf(name),
            SpeakerStoreBuilder.Encoder,
            SpeakerStoreBuilder
                .Clips(speakers, 9, seed: first + 1)
                .Select(
                    (clip, i) =>
                        new StoreClip($"/{name}/{i}.wav", clip.Label, clip.Speaker, clip.Values)
                        {
                            Key = $"{first + i:x64}",
                            Audit =
                                i == 0 && firstAudit is not null
                                    ? firstAudit
                                    : SyntheticUtterances.Audit(first + (uint)i, gain: 1),
                        }
                ),
            StorePrecision.Float32
        );
        return FeatureStore.Open([folder.PathOf(name)]);
    }
}
