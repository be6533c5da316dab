using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Npz;

namespace AttnCrnn.Tests.Features;

/// <summary>Several feature folders as one store: every rule within a store holds over all of them.</summary>
public sealed class SeveralFoldersTests : IDisposable
{
    private static readonly EncoderDescription Encoder = new("test", "1", "", 50, 1, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_clip_in_two_folders_counts_once_by_its_newest_entry()
    {
        Write("one", Clip("/a.wav", "x", 1, written: 7), Clip("/b.wav", "x", 2, written: 9));
        Write("two", Clip("/b.wav", "x", 2, written: 8), Clip("/a.wav", "x", 3, written: 8));
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("two")]);
        Assert.Equal([("/b.wav", "x"), ("/a.wav", "x")], store.Clips.Select(clip => (clip.Path, clip.Label)));
        Assert.Equal([2, 3], store.Clips.Select((_, index) => FeatureStoreBuilder.ReadFrames(store, index)[0]));
        Assert.Equal(
            "2 clips are in more than one feature folder (for example /b.wav) and count once; the frames of 0 of them "
                + "differ, and the newest are used",
            Assert.Single(store.Notices).ToString()
        );
    }

    [Fact]
    public void Spellings_of_a_label_are_one_over_all_folders_and_NaN_is_none()
    {
        Write("one", Clip("/a.wav", "Angry", 1), Clip("/b.wav", "angry", 2));
        Write("two", Clip("/c.wav", "angry\u00A0", 3), Clip("/d.wav", "NaN", 4));
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("two")]);
        Assert.Equal(["angry", "angry", "angry", null], store.Clips.Select(clip => clip.Label));
        Assert.Equal(
            [
                "3 spellings are 1 label: Angry (1), angry (1), angry\\u00A0 (1) are angry",
                "1 clips have a label that means none, and so have none: NaN (1)",
            ],
            store.Notices.Select(notice => notice.ToString())
        );
    }

    [Fact]
    public void Numbers_of_speakers_and_words_for_one_emotion_are_compared_over_all_folders()
    {
        Write("one", Clip("/a.wav", "angry", 1) with { Speaker = "1.0" });
        Write("two", Clip("/b.wav", "anger", 2) with { Speaker = "01" });
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("two")]);
        Assert.Equal(["1", "01"], store.Clips.Select(clip => clip.Speaker));
        var notices = store.Notices.Select(notice => notice.ToString()).ToList();
        Assert.Equal(3, notices.Count);
        Assert.EndsWith("unless map anger=angry makes them one", notices[0], StringComparison.Ordinal);
        Assert.EndsWith("1.0 (1) is 1", notices[1], StringComparison.Ordinal);
        Assert.Contains("1 (1) and 01 (1)", notices[2], StringComparison.Ordinal);
    }

    [Fact]
    public void A_clip_whose_frames_differ_between_folders_is_counted()
    {
        Write("one", Clip("/a.wav", "x", 1) with { Key = new('1', 64) });
        Write("two", Clip("/a.wav", "x", 3) with { Key = new('2', 64) });
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("two")]);
        Assert.EndsWith(
            "the frames of 1 of them differ, and the newest are used",
            Assert.Single(store.Notices).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_clip_that_the_newest_entry_calls_invalid_is_invalid_in_all_folders()
    {
        Write("one", Clip("/a.wav", "x", 1, written: 1), Clip("/b.wav", "x", 2, written: 1));
        Write("two", Clip("/a.wav", "x", 1, written: 2) with { Problem = "damaged" });
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("two")]);
        Assert.Equal("/b.wav", Assert.Single(store.Clips).Path);
        Assert.Equal("damaged", Assert.Single(store.InvalidClips).Message.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/../one")]
    public void A_folder_that_is_named_twice_is_read_once(string suffix)
    {
        Write("one", Clip("/a.wav", "x", 1));
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("one") + suffix]);
        Assert.Single(store.Clips);
        Assert.StartsWith(
            "2 feature folders are named, of which 1 are the same as another",
            Assert.Single(store.Notices).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_link_to_a_folder_is_the_same_folder()
    {
        Write("one", Clip("/a.wav", "x", 1));
        Directory.CreateSymbolicLink(folder.PathOf("link"), folder.PathOf("one"));
        using var store = FeatureStore.Open([folder.PathOf("link"), folder.PathOf("one")]);
        Assert.Single(store.Clips);
        Assert.Single(store.Notices);
    }

    [Fact]
    public void Npz_files_in_a_folder_and_its_subfolder_count_once()
    {
        foreach (var name in (string[])["a", "b/c"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf("npz", name))!);
            FeatureNpz.Write(folder.PathOf("npz", $"{name}.npz"), [1, 2, 3, 4], 4, 1, "x", ["x"]);
        }
        using var store = FeatureStore.Open([folder.PathOf("npz"), folder.PathOf("npz", "b")]);
        Assert.Equal(2, store.Clips.Count);
        Assert.StartsWith("1 clips are in more", Assert.Single(store.Notices).ToString(), StringComparison.Ordinal);
        Assert.Equal(store.Clips[0].Key, store.Clips[1].Key); // equal frames
    }

    [Fact]
    public void Folders_without_common_clips_give_no_notice()
    {
        Write("one", Clip("/a.wav", "x", 1));
        Write("two", Clip("/b.wav", "x", 1));
        using var store = FeatureStore.Open([folder.PathOf("one"), folder.PathOf("two")]);
        Assert.Equal(2, store.Clips.Count);
        Assert.Empty(store.Notices);
    }

    private void Write(string name, params StoreClip[] clips) =>
        FeatureStoreBuilder.Write(folder.PathOf(name), Encoder, clips);

    private static StoreClip Clip(string path, string label, float value, long written = 0) =>
        new(path, label, "s", [value, value, value, value])
        {
            Key = $"{path.GetHashCode(StringComparison.Ordinal):x64}",
            Written = written,
        };
}
