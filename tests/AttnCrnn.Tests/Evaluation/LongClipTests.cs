using System.Globalization;
using AttnCrnn.Features;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Clips that are longer than the limit are in no subset, and are named.</summary>
public sealed class LongClipTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FeatureStore store;

    public LongClipTests() =>
        store = SpeakerStoreBuilder.Create(folder.PathOf("store"), SpeakerStoreBuilder.Clips(["a", "b", "c", "d"], 9));

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Longer_clips_are_left_out_and_named()
    {
        var limit = store.Clips.Select(clip => clip.Seconds).Order().ElementAt(store.Clips.Count / 2);
        var experiment = new Experiment(store, new() { MaxSeconds = limit });
        string[] longer = [.. store.Clips.Where(clip => clip.Seconds > limit).Select(clip => clip.Path)];
        Assert.NotEmpty(longer);
        Assert.Equal(longer, experiment.LongClips.Select(clip => clip.Path));
        var used = Enumerable.Range(0, store.Clips.Count).Where(clip => experiment.Splits[0].Subsets[clip] is not null);
        Assert.DoesNotContain(used, clip => store.Clips[clip].Seconds > limit);
        Assert.Equal(store.Clips.Count - longer.Length, used.Count());
    }

    [Fact]
    public void Without_a_limit_all_clips_are_used() => Assert.Empty(new Experiment(store, new()).LongClips);

    [Fact]
    public void A_limit_below_all_clips_is_refused_with_their_number_and_the_shortest_length()
    {
        var exception = Assert.Throws<InvalidOptionsException>(() =>
            new Experiment(store, new() { MaxSeconds = 0.001 })
        );
        var shortest = store.Clips.Min(clip => clip.Seconds).ToString("0.###", CultureInfo.InvariantCulture);
        Assert.Equal(
            $"max_seconds 0.001: leaves out {store.Clips.Count} clips, the shortest of {shortest} s, and no class "
                + "remains: expected at least 2; increase it, or omit it",
            exception.Message
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void An_invalid_limit_is_an_error(double limit)
    {
        var exception = Assert.Throws<InvalidOptionsException>(() =>
            new Experiment(store, new() { MaxSeconds = limit })
        );
        Assert.StartsWith("max_seconds", Assert.Single(exception.Errors).ToString(), StringComparison.Ordinal);
    }
}
