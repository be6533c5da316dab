using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;

namespace AttnCrnn.Tests.Features;

/// <summary>Recordings that sources name and that do not exist at the moment: a disk is not mounted, a file was moved.
/// </summary>
public sealed class MissingRecordingsTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();
    private readonly Clip[] clips;

    public MissingRecordingsTests() => clips = ToneClipBuilder.Create(folder, 6, "happy", "sad");

    private string Store => folder.PathOf("store");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(StoreFormat.Store, false)]
    [InlineData(StoreFormat.Store, true)]
    [InlineData(StoreFormat.Npz, true)]
    public void The_stored_frames_of_a_clip_that_the_source_names_are_kept(StoreFormat format, bool prune)
    {
        var options = new ExtractionOptions(Store) { Format = format };
        Extract(clips, options);
        var frames = ReadFrames(0);
        File.Delete(clips[0].Path);
        File.Delete(clips[1].Path);
        var report = Extract([.. clips[..2], .. clips[3..]], options with { Prune = prune });
        Assert.Equal([clips[0].Path, clips[1].Path], report.MissingRecordings);
        Assert.Empty(report.Errors);
        Assert.Equal(prune ? 1 : null, report.Pruning?.Clips);
        using (var store = FeatureStore.Open([Store]))
            Assert.Equal(5, store.Clips.Count);
        Assert.Equal(frames, ReadFrames(0));
    }

    [Fact]
    public void New_metadata_of_a_clip_without_a_recording_is_stored()
    {
        Extract(clips, new(Store));
        File.Delete(clips[0].Path);
        Extract([clips[0] with { Label = "angry" }, .. clips[1..]], new(Store));
        using var store = FeatureStore.Open([Store]);
        Assert.Equal("angry", store.Clips[0].Label);
    }

    [Fact]
    public void A_clip_without_frames_and_a_damaged_recording_are_errors()
    {
        Extract(clips[..5], new(Store));
        File.Delete(clips[5].Path);
        File.WriteAllText(clips[4].Path, "damaged");
        var report = Extract(clips, new(Store));
        Assert.Equal([clips[4].Path, clips[5].Path], report.Errors.Select(error => error.Path));
        Assert.Empty(report.MissingRecordings);
    }

    private float[] ReadFrames(int clip)
    {
        using var store = FeatureStore.Open([Store]);
        return FeatureStoreBuilder.ReadFrames(store, clip);
    }

    private ExtractionReport Extract(IReadOnlyList<Clip> extracted, ExtractionOptions options) =>
        new FeatureExtractor(encoder, options with { MaxInvalidFraction = 1 }, TimeProvider.System).Run(
            SourceCorpusBuilder.Create(folder, ("clips.csv", extracted)),
            null,
            CancellationToken.None
        );
}
