using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Layouts;

public sealed class SubsetTablesLayoutTests : IDisposable
{
    private readonly CorpusTree tree = CorpusTree.Create("nkululeko");

    public void Dispose() => tree.Dispose();

    [Fact]
    public void Tables_without_a_subset_are_counted() =>
        Assert.Contains("2 other tables are not read", tree.ReadNotices(), StringComparison.Ordinal);

    [Fact]
    public void Segments_have_times_as_pandas_writes_them()
    {
        tree.Write("my_dev.csv", File.ReadAllText(tree.PathOf("my_seg.csv")));
        Assert.Contains(new ExpectedClip("audio/a1.wav#0.034-4.702", "angry", "my_1", "val", "male"), tree.Read());
    }

    [Fact]
    public void A_clip_in_two_subsets_is_refused_by_line()
    {
        tree.Write("my_dev.csv", "file,emotion,speaker,gender\naudio/a1.wav,anger,1,male\n");
        Assert.Contains("'audio/a1.wav' in line", tree.ReadError(), StringComparison.Ordinal);
        Assert.Contains("each clip in one subset", tree.ReadError(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_table_alone_is_no_layout()
    {
        File.Delete(tree.PathOf("my_test.csv"));
        Assert.DoesNotContain("read as tables by subset", tree.ReadNotices(), StringComparison.Ordinal);
    }
}
