using System.Text;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Tests.Features;

/// <summary>Removal of clips from a store: neither their frames nor their names are on the disk.</summary>
public sealed class StorePruningTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();
    private readonly Clip[] clips;

    public StorePruningTests() => clips = ToneClipBuilder.Create(folder, 6, "happy", "sad");

    private string Store => folder.PathOf("store");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1L << 30)] // all frames in one shard
    [InlineData(1)] // a shard per clip
    public void Frames_and_names_of_removed_clips_are_gone_and_the_others_are_the_same_bits(long bytesPerShard)
    {
        Extract(clips, new(Store) { BytesPerShard = bytesPerShard });
        var removed = ReadFrames(0);
        var kept = ReadFrames(3);
        Assert.True(Contains(removed) && Contains(kept));
        var report = Extract(clips[2..], new(Store) { Prune = true });
        Assert.Equal(2, report.Pruning!.Clips);
        Assert.Equal(0, report.UnnamedClips);
        Assert.False(Contains(removed));
        Assert.False(Contains(Encoding.UTF8.GetBytes("clip0")) || Contains(Encoding.UTF8.GetBytes("clip1")));
        Assert.True(Contains(kept));
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(clips[2..].Select(clip => clip.Path), store.Clips.Select(clip => clip.Path));
        Assert.Equal(kept, ToBytes(FeatureStoreBuilder.ReadFrames(store, 1)));
        Assert.Equal((0, 4), (Extract(clips[2..], new(Store)).Written, report.AlreadyStored));
    }

    [Fact]
    public void Npz_files_of_removed_clips_are_deleted()
    {
        var options = new ExtractionOptions(Store) { Format = StoreFormat.Npz };
        Extract(clips, options);
        Extract(clips[2..], options with { Prune = true });
        Assert.Equal(4, Directory.GetFiles(Store, "*.npz").Length);
        Assert.Empty(Directory.GetFiles(Store, "clip0*"));
        Assert.False(Contains(Encoding.UTF8.GetBytes("clip0")));
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(4, store.Clips.Count);
        Assert.Empty(store.InvalidClips);
    }

    [Fact]
    public void Frames_of_a_kept_clip_with_equal_samples_stay()
    {
        File.Copy(clips[0].Path, folder.PathOf("same.wav"));
        Clip same = new(folder.PathOf("same.wav"), "happy", "s0");
        Extract([.. clips, same], new(Store));
        Extract([same], new(Store) { Prune = true });
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(same.Path, Assert.Single(store.Clips).Path);
        _ = FeatureStoreBuilder.ReadFrames(store, 0);
    }

    [Fact]
    public void Frames_of_an_earlier_version_of_a_recording_are_removed()
    {
        Extract(clips, new(Store));
        var previous = ReadFrames(1);
        AttnCrnn.Formats.Wav.WavWriter.Write(clips[1].Path, ToneClipBuilder.Tone(9), 16_000);
        Extract(clips, new(Store));
        Assert.True(Contains(previous));
        var report = Extract(clips, new(Store) { Prune = true });
        Assert.Equal((0, 1), (report.Pruning!.Clips, report.Pruning.Files));
        Assert.False(Contains(previous));
    }

    [Fact]
    public void A_store_without_other_clips_is_not_changed()
    {
        Extract(clips, new(Store));
        var files = Directory.GetFiles(Store);
        Extract(clips, new(Store) { Prune = true });
        Assert.Equal(files, Directory.GetFiles(Store));
    }

    // The states between the steps: new shards, new index, old indexes deleted one by one, old shards one by one.
    [Theory]
    [InlineData(StoreFormat.Store)]
    [InlineData(StoreFormat.Npz)]
    public void A_kill_at_any_time_leaves_a_valid_store_and_the_next_run_completes_it(StoreFormat format)
    {
        var options = new ExtractionOptions(Store) { Format = format };
        Extract(clips[..3], options);
        Extract(clips, options);
        var before = Snapshot();
        Extract(clips[2..], options with { Prune = true });
        var after = Snapshot();
        var added = after.Keys.Except(before.Keys).OrderBy(IsIndex).ToList();
        var deleted = before.Keys.Except(after.Keys).OrderByDescending(IsIndex).ToList();
        Assert.NotEmpty(deleted);
        for (var step = 0; step <= added.Count + deleted.Count; step++)
        {
            Restore(before);
            foreach (var name in added.Take(step))
                File.WriteAllBytes(Path.Combine(Store, name), after[name]);
            foreach (var name in deleted.Take(step - added.Count))
                File.Delete(Path.Combine(Store, name));
            File.WriteAllText(Path.Combine(Store, $".part-x.{Guid.NewGuid():N}.tmp"), "half of clip0");
            using (var store = FeatureStore.Open([Store]))
            {
                Assert.Empty(store.InvalidClips);
                Assert.Superset(
                    clips[2..].Select(clip => clip.Path).ToHashSet(),
                    store.Clips.Select(clip => clip.Path).ToHashSet()
                );
                for (var clip = 0; clip < store.Clips.Count; clip++)
                    _ = FeatureStoreBuilder.ReadFrames(store, clip);
            }
            Extract(clips[2..], options with { Prune = true });
            Assert.False(Contains(Encoding.UTF8.GetBytes("clip0")));
            using var pruned = FeatureStore.Open([Store]);
            Assert.Equal(4, pruned.Clips.Count);
            Assert.Equal(
                pruned.Clips.Select(clip => Path.GetFileName(clip.File)).Distinct().Order(),
                Directory.GetFiles(Store).Select(Path.GetFileName).Where(name => IsFrames(name!)).Order()
            );
        }

        static bool IsIndex(string name) => name.EndsWith(".csv", StringComparison.Ordinal);

        static bool IsFrames(string name) =>
            name.EndsWith(".npz", StringComparison.Ordinal) || name.EndsWith(".safetensors", StringComparison.Ordinal);
    }

    [Fact]
    public void One_of_several_partitions_does_not_remove_clips()
    {
        var options = new ExtractionOptions(Store) { Prune = true };
        var error = Assert.Single((options with { Partition = new(1, 2) }).Errors());
        Assert.StartsWith(
            "prune: removes clips that other shards may be writing",
            $"{error}",
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_damaged_shard_is_an_error_and_nothing_is_removed()
    {
        Extract(clips, new(Store));
        var shard = Assert.Single(Directory.GetFiles(Store, "*.safetensors"));
        File.WriteAllBytes(shard, File.ReadAllBytes(shard)[..100]);
        var files = Directory.GetFiles(Store);
        var exception = Assert.Throws<InvalidFileException>(() =>
            StorePruning.Run(Store, StoreFormat.Store, new([.. clips.Where(clip => clip.Label == "sad")], []))
        );
        Assert.Equal(files, Directory.GetFiles(Store));
        const string remedy = "the file is damaged: remove it, and extract the same sources into this folder again";
        Assert.Equal(remedy, exception.Remedy);
        Assert.Equal(remedy, Assert.Throws<InvalidFileException>(() => ReadFrames(0)).Remedy);
        File.Delete(shard);
        Extract(clips, new(Store));
        _ = ReadFrames(0);
    }

    private ExtractionReport Extract(IReadOnlyList<Clip> extracted, ExtractionOptions options)
    {
        var corpus = new Corpus("test", extracted, [], false)
        {
            Sources = [new(folder.PathOf("clips.csv"), extracted)],
        };
        return new FeatureExtractor(encoder, options, TimeProvider.System).Run(corpus, null, CancellationToken.None);
    }

    private byte[] ReadFrames(int clip)
    {
        using var store = FeatureStore.Open([Store]);
        return ToBytes(FeatureStoreBuilder.ReadFrames(store, clip));
    }

    // As the store has them: float16.
    private static byte[] ToBytes(float[] frames) =>
        [.. frames.SelectMany(value => BitConverter.GetBytes((Half)value))];

    private bool Contains(byte[] bytes) =>
        Directory
            .GetFiles(Store, "*", new EnumerationOptions { AttributesToSkip = 0 })
            .Any(file => File.ReadAllBytes(file).AsSpan().IndexOf(bytes.AsSpan(0, Math.Min(bytes.Length, 2000))) >= 0);

    private Dictionary<string, byte[]> Snapshot() =>
        Directory.GetFiles(Store).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes);

    private void Restore(Dictionary<string, byte[]> files)
    {
        Directory.Delete(Store, recursive: true);
        Directory.CreateDirectory(Store);
        foreach (var (name, bytes) in files)
            File.WriteAllBytes(Path.Combine(Store, name), bytes);
    }
}
