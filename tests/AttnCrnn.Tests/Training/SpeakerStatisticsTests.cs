using AttnCrnn.Features;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Tests.Training;

public sealed class SpeakerStatisticsTests : IDisposable
{
    private const int Width = SpeakerStoreBuilder.Width;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Speaker_statistics_match_a_plain_loop_over_all_frames()
    {
        string?[] speakers = ["a", null, "b", "a", "b", "a", "once"];
        using var store = Store([.. speakers], clipsEach: 1, frames: 150);
        var speakerNormalizations = SpeakerNormalizations.Compute(new FeatureStoreFrameSource(store), speakers);
        foreach (var speaker in (string[])["a", "b"])
        {
            var frames = Enumerable
                .Range(0, speakers.Length)
                .Where(clip => speakers[clip] == speaker)
                .SelectMany(clip => FeatureStoreBuilder.ReadFrames(store, clip).Chunk(Width))
                .ToArray();
            for (var feature = 0; feature < Width; feature++)
            {
                var mean = frames.Average(frame => (double)frame[feature]);
                var standardDeviation = Math.Sqrt(
                    frames.Average(frame => (frame[feature] - mean) * (frame[feature] - mean))
                );
                foreach (var clip in Enumerable.Range(0, speakers.Length).Where(clip => speakers[clip] == speaker))
                {
                    Assert.Equal(mean, speakerNormalizations[clip]!.Mean[feature], 1e-5 * Math.Max(1, Math.Abs(mean)));
                    Assert.Equal(
                        standardDeviation,
                        speakerNormalizations[clip]!.StandardDeviation[feature],
                        1e-5 * Math.Max(1, standardDeviation)
                    );
                }
            }
        }
        Assert.Null(speakerNormalizations[1]); // has no speaker
        Assert.Null(speakerNormalizations[6]); // a single clip
    }

    [Theory]
    [InlineData(1, 500, false)]
    [InlineData(2, 99, false)]
    [InlineData(2, 100, true)]
    [InlineData(4, 50, true)]
    public void A_speaker_needs_two_clips_and_two_hundred_frames(int clips, int frames, bool isEnough)
    {
        var statistics = new SpeakerStatistics(1);
        for (var clip = 0; clip < clips; clip++)
            statistics.Add("a", new float[frames]);
        Assert.Equal(isEnough, statistics.Compute("a") is not null);
        Assert.Equal(isEnough, SpeakerStatistics.IsSufficient(clips, clips * frames));
        Assert.Null(statistics.Compute("b"));
        if (isEnough)
            // A constant feature gets the lower bound.
            Assert.Equal(1e-4f, statistics.Compute("a")!.StandardDeviation[0]);
    }

    [Fact]
    public void Later_recordings_update_speaker_statistics()
    {
        var statistics = new SpeakerStatistics(1);
        statistics.Add("a", [.. Enumerable.Repeat(1f, 150)]);
        statistics.Add("a", [.. Enumerable.Repeat(1f, 150)]);
        Assert.Equal(1f, statistics.Compute("a")!.Mean[0]);
        statistics.Add("a", [.. Enumerable.Repeat(4f, 300)]);
        Assert.Equal((2.5f, 1.5f), (statistics.Compute("a")!.Mean[0], statistics.Compute("a")!.StandardDeviation[0]));
    }

    private FeatureStore Store(IReadOnlyList<string?> speakers, int clipsEach, int frames)
    {
        var random = new RandomStream(7).ForStream(RandomStreamId.Demo);
        return SpeakerStoreBuilder.Create(
            folder.PathOf("plain"),
            SpeakerStoreBuilder
                .Clips(speakers, clipsEach)
                .Select(
                    (clip, index) =>
                    {
                        var values = new float[frames * Width];
                        random.AtStep(0, (uint)index).FillNormal(values);
                        return (
                            clip.Label,
                            clip.Speaker,
                            values.Select(value => (value * (1 + index)) + (5 * index)).ToArray()
                        );
                    }
                )
        );
    }
}
