using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Epoch, temperature and weights are selected without the test set.</summary>
public sealed class SelectionTests : IDisposable
{
    private const string Run = "attn_crnn_v2_20260131_235959";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Other_labels_and_frames_of_the_test_clips_leave_every_byte_of_the_models_as_it_is()
    {
        var original = Train("original", label: index => index % 3, scale: 1);
        var other = Train("other", label: index => (index + 1) % 3, scale: 7);
        Assert.Equal(["best_attn_crnn_model.keras", "final_attn_crnn_model.keras"], original.Keys.Order());
        foreach (var (name, bytes) in original)
            Assert.True(bytes.AsSpan().SequenceEqual(other[name]), name);
    }

    [Fact]
    public void Other_labels_of_the_validation_clips_change_the_models()
    {
        var original = Train("original", label: index => index % 3, scale: 1);
        var other = Train("other", label: index => (index + 1) % 3, scale: 1, changed: Subset.Validation);
        Assert.False(
            original["best_attn_crnn_model.keras"].AsSpan().SequenceEqual(other["best_attn_crnn_model.keras"])
        );
    }

    // The subsets are those of a manifest: a split that is drawn is stratified by all labels.
    private Dictionary<string, byte[]> Train(
        string name,
        Func<int, int> label,
        float scale,
        Subset changed = Subset.Test
    )
    {
        var clips = SpeakerStoreBuilder
            .Clips(["a", "b", "c", "d"], 9, loudest: 0)
            .Select((clip, index) => (clip, index, subset: GetSubset(index / 9)))
            .Select(entry =>
                entry.subset == changed
                    ? Create(entry.index, $"l{label(entry.index % 9)}", entry.clip.Values, scale, entry.subset)
                    : Create(entry.index, entry.clip.Label, entry.clip.Values, 1, entry.subset)
            );
        FeatureStoreBuilder.Write(
            folder.PathOf(name, "store"),
            SpeakerStoreBuilder.Encoder,
            clips,
            StorePrecision.Float32
        );
        using var store = FeatureStore.Open([folder.PathOf(name, "store")]);
        var options = new ExperimentOptions
        {
            Training = new()
            {
                Epochs = 8,
                BatchSize = 8,
                LearningRate = 3e-3,
                Threads = 1,
            },
        };
        var experiment = new Experiment(store, options);
        var directory = new RunDirectory(folder.PathOf(name), Run);
        experiment.Train(null, new(directory, [], "test", TimeProvider.System), null, CancellationToken.None);
        return Directory
            .GetFiles(directory.Checkpoints, "*.keras")
            .ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
    }

    private static StoreClip Create(int index, string label, float[] values, float scale, Subset subset) =>
        new($"/clips/{index}.wav", label, $"s{index / 9}", [.. values.Select(value => scale * value)])
        {
            Split = subset,
        };

    private static Subset GetSubset(int speaker) =>
        speaker switch
        {
            2 => Subset.Validation,
            3 => Subset.Test,
            _ => Subset.Train,
        };
}
