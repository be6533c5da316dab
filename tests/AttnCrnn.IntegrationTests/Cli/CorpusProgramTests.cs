using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The audit of recordings by the built program.</summary>
public sealed class CorpusProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public CorpusProgramTests()
    {
        for (var clip = 0; clip < 4; clip++)
        {
            float[] tone = [.. Enumerable.Range(0, 8000).Select(i => 0.5f * MathF.Sin(i * 0.1f * (clip + 1)))];
            WavWriter.Write(folder.PathOf("x", "glad", $"{clip}.wav"), tone, 16_000);
        }
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Valid_clips_end_with_0()
    {
        var (code, output, error) = Run();
        Assert.True(code == 0, error);
        Assert.Contains("0 invalid", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_clip_ends_with_3_after_the_summary_and_the_manifest()
    {
        Damage("1.wav");
        var (code, output, error) = Run("--out", "clips.csv");
        Assert.Equal(3, code);
        Assert.Contains("4 clips, 0 speakers", output, StringComparison.Ordinal);
        Assert.Contains("invalid  ", output, StringComparison.Ordinal);
        Assert.Contains("1 of 4 clips are invalid, more than --max_bad 0 allows", error, StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(folder.PathOf("clips.csv")).Length);
    }

    [Theory]
    [InlineData("0.25", 0)]
    [InlineData("0.2", 3)]
    public void A_fraction_of_damaged_clips_may_be_tolerated(string fraction, int expected)
    {
        Damage("1.wav");
        Assert.Equal(expected, Run("--max_bad", fraction).Code);
    }

    [Fact]
    public void A_fraction_above_1_is_a_usage_error()
    {
        var (code, _, error) = Run("--max_bad", "2");
        Assert.Equal(2, code);
        Assert.Contains("--max_bad 2: expected 0", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_with_tabs_that_it_writes_is_read()
    {
        Assert.Equal(0, Run("--out", "clips.tsv").Code);
        Assert.StartsWith("path\tlabel\t", File.ReadAllText(folder.PathOf("clips.tsv")), StringComparison.Ordinal);
        var (code, output, error) = BuiltProgram.Run(folder.Path, ["corpus", "clips.tsv"]);
        Assert.True(code == 0, error);
        Assert.Contains("clips.tsv: 4 clips", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clips.jsonl")]
    [InlineData("clips")]
    public void A_manifest_that_could_not_be_read_is_not_written(string name)
    {
        var (code, _, error) = Run("--out", name);
        Assert.Equal(2, code);
        Assert.Contains($"--out {name}: expected a name that ends in .csv or .tsv", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf(name)));
    }

    private void Damage(string name) => File.WriteAllText(folder.PathOf("x", "glad", name), "no audio");

    private (int Code, string Output, string Error) Run(params string[] options) =>
        BuiltProgram.Run(folder.Path, ["corpus", "x", .. options]);
}
