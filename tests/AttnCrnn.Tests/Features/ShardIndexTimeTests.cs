using System.Globalization;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Tests.Features;

/// <summary>Times in a shard's index: ISO 8601; indexes of version 0.1.0 have ticks.</summary>
public sealed class ShardIndexTimeTests : IDisposable
{
    // 100 ns after a whole second: lost by any format that rounds.
    private const long ModifiedTicks = 639_028_224_000_000_001;
    private const long WrittenTicks = 639_315_208_230_813_151;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Times_are_written_as_ISO_8601_in_UTC()
    {
        ShardIndex.Write(folder.PathOf("part-1.csv"), [Entry("clip.wav", WrittenTicks)]);
        Assert.Contains(
            ",2026-01-01T00:00:00.0000001Z,2026-11-29T03:47:03.0813151Z,0,",
            File.ReadLines(folder.PathOf("part-1.csv")).Last(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_time_that_is_read_is_the_one_that_was_written()
    {
        var entry = Entry("clip.wav", WrittenTicks);
        ShardIndex.Write(folder.PathOf("part-1.csv"), [entry]);
        Assert.Equal(entry, Assert.Single(ShardIndex.ReadAll(folder.Path)));
    }

    [Fact]
    public void A_clip_whose_file_is_missing_has_no_modification_time()
    {
        ShardIndex.Write(folder.PathOf("part-1.csv"), [Entry("clip.wav", WrittenTicks) with { ModifiedTicks = 0 }]);
        Assert.Contains(",,2026-11-29T", File.ReadLines(folder.PathOf("part-1.csv")).Last(), StringComparison.Ordinal);
        Assert.Equal(0, Assert.Single(ShardIndex.ReadAll(folder.Path)).ModifiedTicks);
    }

    /// <summary>The newest entry of a clip counts, in whichever format its time is.</summary>
    [Theory]
    [InlineData(1, "new")]
    [InlineData(-1, "old")]
    public void Entries_with_ticks_and_with_ISO_8601_are_compared_by_time(int ticksLater, string expectedLabel)
    {
        ShardIndex.Write(folder.PathOf("part-2.csv"), [Entry("clip.wav", WrittenTicks) with { Label = "old" }]);
        ReplaceTimesWithTicks(folder.PathOf("part-2.csv"));
        ShardIndex.Write(
            folder.PathOf("part-1.csv"),
            [Entry("clip.wav", WrittenTicks + ticksLater) with { Label = "new" }]
        );
        Assert.Equal(expectedLabel, Assert.Single(ShardIndex.ReadAll(folder.Path)).Label);
    }

    [Fact]
    public void A_recording_extracted_by_version_0_1_0_is_not_read_again()
    {
        ShardIndex.Write(folder.PathOf("part-1.csv"), [Entry("clip.wav", WrittenTicks)]);
        ReplaceTimesWithTicks(folder.PathOf("part-1.csv"));
        File.WriteAllBytes(folder.PathOf("part-1.safetensors"), []);
        var stored = new StoredFrames(folder.Path, StoreFormat.Store);
        stored.Load();
        Assert.NotNull(stored.FindUnchanged(Entry("clip.wav", 0)));
        Assert.Null(stored.FindUnchanged(Entry("clip.wav", 0) with { ModifiedTicks = ModifiedTicks + 1 }));
    }

    [Theory]
    [InlineData("2026-11-29T03:47:03.0813151")] // no time zone
    [InlineData("2026-11-29T03:47:03.0813151+01:00")]
    [InlineData("yesterday")]
    [InlineData("-1")]
    [InlineData("3155378975999999999999")]
    public void A_time_that_is_neither_is_rejected_with_its_line(string time)
    {
        var path = folder.PathOf("part-1.csv");
        ShardIndex.Write(path, [Entry("clip.wav", WrittenTicks)]);
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace(StoredTime.Format(WrittenTicks), time, StringComparison.Ordinal)
        );
        var exception = Assert.Throws<InvalidFileException>(() => ShardIndex.ReadAll(folder.Path));
        Assert.Equal($"'{time}' as written in line 2", exception.Found);
    }

    private static ShardIndexEntry Entry(string path, long writtenTicks) =>
        ShardIndexEntry.FromClip(new(path, "angry", null), synthetic: false) with
        {
            Key = "key",
            File = "part-1.safetensors",
            Frames = 28,
            ModifiedTicks = ModifiedTicks,
            WrittenTicks = writtenTicks,
        };

    // As version 0.1.0 wrote them.
    private static void ReplaceTimesWithTicks(string path) =>
        File.WriteAllText(
            path,
            File.ReadAllText(path)
                .Replace(StoredTime.Format(ModifiedTicks), Ticks(ModifiedTicks), StringComparison.Ordinal)
                .Replace(StoredTime.Format(WrittenTicks), Ticks(WrittenTicks), StringComparison.Ordinal)
        );

    private static string Ticks(long ticks) => ticks.ToString(CultureInfo.InvariantCulture);
}
