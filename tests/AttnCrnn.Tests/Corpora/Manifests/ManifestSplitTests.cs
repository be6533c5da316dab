using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ManifestSplitTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("train", Subset.Train)]
    [InlineData("Training", Subset.Train)]
    [InlineData("TR", Subset.Train)]
    [InlineData("val", Subset.Validation)]
    [InlineData("VALID", Subset.Validation)]
    [InlineData("validation", Subset.Validation)]
    [InlineData("dev", Subset.Validation)]
    [InlineData("devel", Subset.Validation)]
    [InlineData("Development", Subset.Validation)]
    [InlineData("test", Subset.Test)]
    [InlineData("testing", Subset.Test)]
    [InlineData("eval", Subset.Test)]
    [InlineData("Evaluation", Subset.Test)]
    [InlineData("Test1", Subset.Test)]
    [InlineData("", null)]
    [InlineData("NaN", null)]
    [InlineData("Test2", null)]
    public void Subsets_have_the_names_that_corpora_use(string cell, Subset? subset)
    {
        Assert.Equal(subset, Manifest.ParseSubset(cell));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("holdout")]
    [InlineData("train-clean-100")]
    public void Another_subset_is_refused_with_its_line(string cell)
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            folder.Read($"path,split\na.wav,train\nb.wav,{cell}\n")
        );
        Assert.Equal($"'{cell}' as split in line 3", exception.Found);
    }

    [Fact]
    public void One_row_without_a_split_is_named_with_its_line()
    {
        var (clips, notices) = folder.Read("path,label,split\na.wav,x,train\nb.wav,x,\nc.wav,x,test\n");
        Assert.Equal([Subset.Train, null, Subset.Test], clips.Select(clip => clip.Split));
        Assert.Equal("clips.csv: 1 of 3 clips have no split (line 3) and are in no subset", Assert.Single(notices));
    }

    [Fact]
    public void Many_rows_without_a_split_are_counted_and_the_first_named()
    {
        var rows = Enumerable
            .Range(0, 9)
            .Select(i => $"{i}.wav,{(i < 2 ? "test" : i < 4 ? "NaN" : "")}\n");
        var (_, notices) = folder.Read($"path,split\n{string.Concat(rows)}");
        Assert.Equal(
            "clips.csv: 7 of 9 clips have no split (lines 4, 5, 6, 7, 8 and 2 more) and are in no subset",
            Assert.Single(notices)
        );
    }

    [Fact]
    public void A_manifest_without_any_split_says_nothing_about_it()
    {
        Assert.Empty(folder.Read("path,split\na.wav,\nb.wav,\n").Notices);
    }

    [Fact]
    public void Further_test_sets_are_in_no_subset_and_said()
    {
        var (clips, notices) = folder.Read(
            "FileName,Split_Set\na.wav,Train\nb.wav,Test1\nc.wav,Test2\nd.wav,Test2\ne.wav,Test3\n"
        );
        Assert.Equal([Subset.Train, Subset.Test, null, null, null], clips.Select(clip => clip.Split));
        Assert.StartsWith(
            "clips.csv: 3 of 5 clips are of the further test sets",
            Assert.Single(notices),
            StringComparison.Ordinal
        );
    }
}
