using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ContradictingRowsTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "path,label,speaker\na.wav,angry,s1\n./a.wav,sad,s1\nb.wav,happy,s2\n",
        "lines 2 and 3",
        "angry and sad"
    )]
    [InlineData("path;label\nb.wav;sad\n\na.wav;sad\nb.wav;\n", "lines 2 and 5", "sad and without a label")]
    [InlineData("file,speaker\na.wav,s1\na.wav,s2\n", "lines 2 and 3", "of speaker s1 and of s2")]
    [InlineData("path,split\na.wav,train\na.wav,test\n", "lines 2 and 3", "in train and in test")]
    [InlineData(
        "path,start,end,label\na.wav,0,1,sad\na.wav,1,2,sad\na.wav,0,1,happy\n",
        "lines 2 and 4",
        "sad and happy"
    )]
    public void Rows_that_contradict_each_other_are_refused_with_lines_and_values(
        string text,
        string lines,
        string values
    )
    {
        var exception = Assert.Throws<InvalidInputException>(() => folder.Read(text));
        Assert.Contains(
            $"1 line contradicts an earlier one, for example {lines}",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(values, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_row_is_kept_as_asked_for_and_said()
    {
        var source = folder.Write("path,label\na.wav,angry\na.wav,sad\na.wav,happy\nb.wav,sad\n");
        var corpus = CorpusReader.Read([source], new() { LabelConflict = LabelConflict.KeepFirst });
        Assert.Equal(["angry", "sad"], corpus.Clips.Select(clip => clip.Label));
        Assert.Contains(
            "2 lines contradict an earlier one, for example lines 2 and 3",
            Assert.Single(corpus.Notices),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rows_of_two_manifests_that_contradict_each_other_are_named_with_their_lines()
    {
        string[] sources =
        [
            folder.Write("path,label\nb.wav,sad\na.wav,angry\n", "one.csv"),
            folder.Write("file\temotion\na.wav\tsad\n", "two.tsv"),
        ];
        var exception = Assert.Throws<InvalidInputException>(() => CorpusReader.Read(sources));
        Assert.Contains(
            "a.wav with angry and sad (one.csv line 3, two.tsv line 2)",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Rows_that_differ_in_the_spelling_alone_do_not_contradict()
    {
        var source = folder.Write("path,label,speaker\na.wav,Angry,NaN\na.wav,angry\u00A0,\n");
        Assert.Equal("angry", Assert.Single(CorpusReader.Read([source]).Clips).Label);
    }
}
