using System.Security.Cryptography;
using AttnCrnn.Encoders;
using AttnCrnn.Features;

namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>Stores of an older version can be read and extended, with the encoder recorded in them.</summary>
[Requires("unix")]
public sealed class GoldenStoresTests : IDisposable
{
    private readonly GoldenFiles files = new();

    /// <summary>A store, and the arguments of <c>extract</c> that created it.</summary>
    public static TheoryData<string, string> Stores { get; } =
        new()
        {
            { "log-mel", "clips/clips.csv --encoder log-mel" },
            { "log-mel-float32", "two-speakers.csv --encoder log-mel --store_precision float32" },
            { "wav2vec2", $"clips/clips.csv --encoder {GoldenFiles.Repository}" },
            { "wav2vec2-layers-1-3", $"clips/clips.csv --encoder {GoldenFiles.Repository} --layers 1-3" },
            { "wav2vec2-layers-all", $"clips/clips.csv --encoder {GoldenFiles.Repository} --layers all" },
        };

    public void Dispose() => files.Dispose();

    [Theory, MemberData(nameof(Stores))]
    public void Extracting_again_audits_the_clips_of_an_older_store_and_keeps_the_frames(string store, string arguments)
    {
        var filesBefore = Files(store);
        string[] command = ["extract", .. arguments.Split(' '), "--out", $"features/{store}"];
        Assert.Contains("24 clips of an earlier version had no audit", files.Run(command), StringComparison.Ordinal);
        Assert.Contains("0 clips extracted, 24 already stored", files.Run(command), StringComparison.Ordinal);
        Assert.Empty(filesBefore.Except(Files(store)));
        var added = Files(store).Except(filesBefore).ToList();
        // The index with audit and source of each clip, and the paths of the sources, which older stores do not have.
        Assert.Equal([".csv", ".json"], added.Select(file => Path.GetExtension(file.Name)));
    }

    [Theory, MemberData(nameof(Stores))]
    public void Copied_recordings_get_no_new_frames(string store, string arguments)
    {
        foreach (var clip in Directory.GetFiles(files.PathOf("clips"), "*.wav"))
            File.SetLastWriteTimeUtc(clip, DateTime.UnixEpoch);
        var filesBefore = Files(store);
        var output = files.Run(["extract", .. arguments.Split(' '), "--out", $"features/{store}"]);
        Assert.Contains("24 clips extracted, 0 already stored", output, StringComparison.Ordinal);
        var added = Files(store).Except(filesBefore).ToList();
        // An index with the new modification times, the paths of the source, and no frames.
        Assert.Equal([".csv", ".json"], added.Select(file => Path.GetExtension(file.Name)));
    }

    [Theory, MemberData(nameof(Stores))]
    public void A_new_store_has_the_description_the_keys_and_the_frames_of_an_older_one(string store, string arguments)
    {
        files.Run(["extract", .. arguments.Split(' '), "--out", "new"]);
        var description = File.ReadAllText(files.PathOf("features", store, StoreDescription.FileName));
        Assert.Equal(description, File.ReadAllText(files.PathOf("new", StoreDescription.FileName)));
        using var olderStore = FeatureStore.Open([files.PathOf("features", store)]);
        using var newStore = FeatureStore.Open([files.PathOf("new")]);
        Assert.Equal(olderStore.Clips.Select(KeyOf), newStore.Clips.Select(KeyOf));
        // float16 keeps 11 bits of values below 8.
        var tolerance = store.StartsWith("log-mel", StringComparison.Ordinal) ? 0 : 1f / 128;
        for (var clip = 0; clip < olderStore.Clips.Count; clip++)
        {
            var pairs = GoldenFiles.Frames(olderStore, clip).Zip(GoldenFiles.Frames(newStore, clip));
            Assert.All(pairs, pair => Assert.Equal(pair.First, pair.Second, tolerance));
        }
        static (string, string) KeyOf(StoredClip clip) => (clip.Path, clip.Key);
    }

    [Theory]
    [InlineData("log-mel", "log-mel")]
    [InlineData("wav2vec2", GoldenFiles.Repository)]
    [InlineData("wav2vec2-layers-1-3", GoldenFiles.Repository)]
    public void The_default_encoder_is_rejected_by_name_for_an_older_store(string store, string encoder)
    {
        var filesBefore = Files(store);
        var (code, _, error) = files.Start("extract", "clips/clips.csv", "--out", $"features/{store}");
        Assert.True(code == 3, error);
        Assert.Contains($"holds frames of {encoder} (revision ", error, StringComparison.Ordinal);
        Assert.Contains($"not of {EncoderCatalog.Default} (revision ", error, StringComparison.Ordinal);
        Assert.Equal(filesBefore, Files(store));
    }

    [Fact]
    public void A_float16_store_has_the_rounded_frames_of_the_float32_store()
    {
        using var half = FeatureStore.Open([files.PathOf("features", "log-mel")]);
        using var float32Store = FeatureStore.Open([files.PathOf("features", "log-mel-float32")]);
        Assert.Equal(StorePrecision.Float32, float32Store.Description.Precision);
        Assert.Equal(24, float32Store.Clips.Count);
        foreach (var (clip, index) in float32Store.Clips.Select((clip, index) => (clip, index)))
        {
            var rounded = GoldenFiles.Frames(float32Store, index).Select(value => (float)(Half)value);
            Assert.Equal(rounded, files.Frames(half, Path.GetRelativePath(files.PathOf(), clip.Path)));
        }
    }

    [Fact]
    public void A_folder_of_npz_has_the_clips_and_frames_of_its_store()
    {
        using var store = FeatureStore.Open([files.PathOf("features", "log-mel")]);
        using var exported = FeatureStore.Open([files.PathOf("features", "log-mel_npz")]);
        Assert.Equal(store.Clips.Select(Describe), exported.Clips.Select(Describe));
        for (var clip = 0; clip < store.Clips.Count; clip++)
            Assert.Equal(GoldenFiles.Frames(store, clip), GoldenFiles.Frames(exported, clip));
        static (string, string?, string?) Describe(StoredClip clip) => (clip.Path, clip.Label, clip.Speaker);
    }

    [Fact]
    public void Revision_and_default_layers_of_a_checkpoint_folder_are_unchanged()
    {
        using var encoder = EncoderCatalog.Open(new(CopyRecordings()), _ => { });
        Assert.Equal(new(files.PathOf("checkpoint"), "f1faec707e91-1", "4-8", 50, 16, 1), encoder.Description);
    }

    [Fact]
    public void The_request_for_an_older_store_is_its_encoder_at_its_commit()
    {
        using var store = FeatureStore.Open([files.PathOf("features", "wav2vec2")]);
        var request = EncoderRequest.FromDescription(store.Description.Encoder);
        Assert.Equal(new(GoldenFiles.Repository, "4-8", GoldenFiles.Commit), request);
    }

    // In a folder that is not called after a commit, a checkpoint is known by a hash of its files.
    private string CopyRecordings()
    {
        Directory.CreateDirectory(files.PathOf("checkpoint"));
        foreach (var file in Directory.GetFiles(files.CheckpointFolder))
            File.Copy(file, files.PathOf("checkpoint", Path.GetFileName(file)));
        return files.PathOf("checkpoint");
    }

    private List<(string Name, string Hash)> Files(string store)
    {
        static string HashOf(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
        var paths = Directory
            .GetFiles(files.PathOf("features", store))
            .Where(path => Path.GetFileName(path) != ".lock") // empty
            .Order();
        return [.. paths.Select(path => (Path.GetFileName(path), HashOf(path)))];
    }
}
