using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;

namespace AttnCrnn.Tests.Features;

/// <summary>
/// Clips that their sources do not name any more: they are not used, and their frames can be removed.
/// </summary>
public sealed class StoreSourcesTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();
    private readonly Clip[] clips;

    public StoreSourcesTests() => clips = ToneClipBuilder.Create(folder, 6, "happy", "sad");

    private string Store => folder.PathOf("store");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void A_clip_that_its_source_does_not_name_any_more_is_left_out_and_said()
    {
        Extract(("clips.csv", clips));
        var report = Extract(("clips.csv", clips[2..]));
        Assert.Equal((0, 4, 2, 2), Counts(report));
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(clips[2..].Select(clip => clip.Path), store.Clips.Select(clip => clip.Path));
        Assert.Equal(
            $"2 clips of the store are in no source any more (for example {clips[0].Path}) and are left out; extract "
                + "with prune removes their frames",
            Assert.Single(store.Notices).ToString()
        );
    }

    [Fact]
    public void A_clip_of_another_source_stays()
    {
        Extract(("one.csv", clips[..3]));
        var report = Extract(("two.csv", clips[3..]));
        Assert.Equal((3, 0, 3, 0), Counts(report));
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(6, store.Clips.Count);
        Assert.StartsWith(
            "the clips come from 2 sources: ",
            Assert.Single(store.Notices).ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_clip_of_two_sources_is_left_out_when_neither_names_it()
    {
        Extract(("one.csv", clips), ("two.csv", clips[..2]));
        Assert.Equal(0, Extract(("one.csv", clips[2..])).ClipsWithoutSource); // two.csv names the first clips
        Assert.Equal(2, Extract(("two.csv", clips[2..3])).ClipsWithoutSource);
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(clips[2..].Select(clip => clip.Path), store.Clips.Select(clip => clip.Path));
    }

    [Fact]
    public void A_clip_that_is_named_again_is_used_without_being_encoded()
    {
        Extract(("clips.csv", clips));
        Extract(("clips.csv", clips[2..]));
        var report = Extract(("clips.csv", clips));
        Assert.Equal((0, 6, 0, 0), Counts(report));
        Assert.Equal(0, report.Frames);
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(6, store.Clips.Count);
    }

    [Fact]
    public void A_newer_entry_without_a_source_holds_over_another_folder()
    {
        Extract(("clips.csv", clips));
        var other = folder.PathOf("other");
        Directory.CreateDirectory(other);
        foreach (var file in Directory.GetFiles(Store))
            File.Copy(file, Path.Combine(other, Path.GetFileName(file)));
        Extract(("clips.csv", clips[1..]));
        using var store = FeatureStore.Open([Store, other]);
        Assert.Equal(5, store.Clips.Count);
    }

    [Fact]
    public void A_store_of_an_earlier_version_is_used_whole_until_its_source_drops_a_clip()
    {
        Run(new("", clips, [], false)); // records no sources, as an earlier version
        Assert.Equal((0, 4, 2, 0), Counts(Extract(("clips.csv", clips[2..]))));
        using (var store = FeatureStore.Open([Store]))
            Assert.Equal(6, store.Clips.Count); // it is not known which source named the first two
        Assert.Equal((0, 3, 3, 1), Counts(Extract(("clips.csv", clips[3..]))));
    }

    [Fact]
    public void The_first_of_several_partitions_updates_the_entries()
    {
        Extract(("clips.csv", clips));
        var source = Corpus(("clips.csv", clips[2..]));
        Run(source, new(Store) { Partition = new(2, 2) });
        using (var store = FeatureStore.Open([Store]))
            Assert.Equal(6, store.Clips.Count);
        Run(source, new(Store) { Partition = new(1, 2) });
        using (var store = FeatureStore.Open([Store]))
            Assert.Equal(4, store.Clips.Count);
    }

    [Fact]
    public void An_unchanged_extraction_writes_no_files()
    {
        Extract(("clips.csv", clips));
        var files = Directory.GetFiles(Store);
        Extract(("clips.csv", clips));
        Assert.Equal(files, Directory.GetFiles(Store));
    }

    private static (int Written, int AlreadyStored, int Unnamed, int WithoutSource) Counts(ExtractionReport report) =>
        (report.Written, report.AlreadyStored, report.UnnamedClips, report.ClipsWithoutSource);

    private ExtractionReport Extract(params (string Name, Clip[] Clips)[] sources) => Run(Corpus(sources));

    private ExtractionReport Run(Corpus corpus, ExtractionOptions? options = null) =>
        new FeatureExtractor(encoder, options ?? new(Store), TimeProvider.System).Run(
            corpus,
            null,
            CancellationToken.None
        );

    private Corpus Corpus(params (string Name, Clip[] Clips)[] sources) =>
        SourceCorpusBuilder.Create(
            folder,
            [.. sources.Select(source => (source.Name, (IReadOnlyList<Clip>)source.Clips))]
        );
}
