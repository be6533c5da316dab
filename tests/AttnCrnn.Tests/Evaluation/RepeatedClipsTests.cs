using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Clips with equal samples in an experiment: each recording counts once.</summary>
public sealed class RepeatedClipsTests : IDisposable
{
    private static readonly EncoderDescription Encoder = new("test", "1", "", 50, 2, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_recording_under_several_paths_counts_once_in_a_split_by_clip()
    {
        // As a link loop gives them: two recordings of each class, each under ten paths.
        using var store = Write(
            Enumerable
                .Range(0, 80)
                .Select(i =>
                    Clip($"/d{string.Concat(Enumerable.Repeat("/up", i / 8))}/{i % 8}.wav", i % 8) with
                    {
                        Key = Key(i % 8),
                    }
                )
        );
        var experiment = new Experiment(store, Options());
        Assert.Equal((8, 72), (experiment.Splits[0].Facts.Clips, experiment.Splits[0].Facts.RepeatedClips));
        Assert.Equal(
            "72 of the clips have the samples of another (for example /d/up/0.wav those of /d/0.wav) and are left "
                + "out: each recording counts once",
            experiment.Notices[0].ToString()
        );
        var used = Enumerable.Range(0, store.Clips.Count).Where(i => experiment.Splits[0].Subsets[i] is not null);
        Assert.All(used, i => Assert.Matches("^/d/.[.]wav$", store.Clips[i].Path));
    }

    [Fact]
    public void The_audio_file_counts_and_not_the_video_beside_it()
    {
        using var store = Write([.. Distinct(), Clip("/v/0.mp4", 0) with { Key = Key(0) }]);
        var split = new Experiment(store, Options()).Splits[0];
        Assert.Equal("/v/0.mp4", store.Clips.Single(clip => clip.Path.EndsWith(".mp4", StringComparison.Ordinal)).Path);
        Assert.Equal(
            ["/v/0.mp4"],
            Enumerable.Range(0, store.Clips.Count).Where(i => split.Subsets[i] is null).Select(i => store.Clips[i].Path)
        );
    }

    [Fact]
    public void Folds_count_a_recording_once()
    {
        using var store = Write([.. Distinct(), Clip("/copies/7.wav", 7) with { Key = Key(7) }]);
        var experiment = new Experiment(store, Options(SplitMethod.Random) with { Folds = 3 });
        Assert.All(experiment.Splits, split => Assert.Equal((12, 1), (split.Facts.Clips, split.Facts.RepeatedClips)));
    }

    [Fact]
    public void Copies_in_one_subset_of_a_manifest_count_once()
    {
        using var store = Write([.. OfManifest(), Copy(Subset.Train)]);
        var facts = new Experiment(store, Options()).Splits[0].Facts;
        Assert.Equal((SplitKind.Manifest, 12, 1), (facts.Kind, facts.Clips, facts.RepeatedClips));
    }

    [Fact]
    public void Copies_in_different_subsets_of_a_manifest_are_refused_by_name()
    {
        using var store = Write([.. OfManifest(), Copy(Subset.Test)]);
        var error = Assert.Throws<InvalidInputException>(() => new Experiment(store, Options()));
        Assert.StartsWith(
            "/v/0.wav (train) and /copies/0.wav (test) are equal recordings in different subsets (1 recording in all)",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Copies_in_different_subsets_count_once_if_the_manifest_is_not_used()
    {
        using var store = Write([.. OfManifest(), Copy(Subset.Test)]);
        var facts = new Experiment(store, Options(SplitMethod.Random)).Splits[0].Facts;
        Assert.Equal((12, 1), (facts.Clips, facts.RepeatedClips));
    }

    [Fact]
    public void Equal_recordings_with_different_labels_are_refused_by_name()
    {
        using var store = Write([.. Distinct(), Clip("/copies/0.wav", 1) with { Key = Key(0) }]);
        var error = Assert.Throws<InvalidInputException>(() => new Experiment(store, Options()));
        Assert.StartsWith(
            "/v/0.wav (l0) and /copies/0.wav (l1) are equal recordings with different labels",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_label_that_is_dropped_does_not_contradict()
    {
        using var store = Write([.. Distinct(), Copy(Subset.Test) with { Label = "noise" }]);
        var facts = new Experiment(store, Options() with { LabelRules = new([], ["noise"]) }).Splits[0].Facts;
        Assert.Equal((12, 0), (facts.Clips, facts.RepeatedClips));
    }

    [Fact]
    public void Too_few_recordings_are_refused_with_the_number_of_copies()
    {
        using var store = Write(Enumerable.Range(0, 6).Select(i => Clip($"/{i}.wav", i % 2) with { Key = Key(i % 2) }));
        var error = Assert.Throws<InvalidInputException>(() => new Experiment(store, Options()));
        Assert.StartsWith("4 of the clips have the samples of another", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; 2 remain, expected at least 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_counts_a_recording_once()
    {
        using var store = Write(Distinct());
        var run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        new Experiment(store, Options()).Train(null, new(run, [], "test", TimeProvider.System), null, default);
        using var copies = Write([.. Distinct(), Clip("/copies/0.wav", 0) with { Key = Key(0) }]);
        using var model = AttnCrnn.Prediction.Ensemble.Load(
            [ModelFolder.GetBestModelPath(run.GetModelFolder(null))],
            1
        );
        var result = Experiment.EvaluateAll(copies, model, Options(), CancellationToken.None);
        Assert.Equal((12, 1), (result.Metrics.ClipCount, result.Protocol.RepeatedClips));
    }

    private FeatureStore Write(IEnumerable<StoreClip> clips)
    {
        var name = folder.PathOf(Guid.NewGuid().ToString("N"));
        FeatureStoreBuilder.Write(name, Encoder, clips);
        return FeatureStore.Open([name]);
    }

    private static IEnumerable<StoreClip> Distinct() =>
        Enumerable.Range(0, 12).Select(i => Clip($"/v/{i}.wav", i) with { Key = Key(i) });

    private static IEnumerable<StoreClip> OfManifest() =>
        Distinct().Select((clip, i) => clip with { Split = (Subset)(i % 6 / 2) });

    private static string Key(int recording) => $"{recording:x64}";

    private static StoreClip Clip(string path, int value) =>
        new(path, $"l{value % 2}", null, [.. Enumerable.Range(0, 40).Select(i => (float)(value + i))]);

    private static StoreClip Copy(Subset subset) =>
        Clip("/copies/0.wav", 0) with
        {
            Key = Key(0),

            Split = subset,
        };

    private static ExperimentOptions Options(SplitMethod split = SplitMethod.Default) =>
        new()
        {
            Training = new()
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 1,
            },
            Split = split,
        };
}
