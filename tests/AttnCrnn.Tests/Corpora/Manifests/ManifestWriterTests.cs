using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ManifestWriterTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("clips.csv", "path,label,speaker,split,start,end,channel,sex,votes")]
    [InlineData("clips.tsv", "path\tlabel\tspeaker\tsplit\tstart\tend\tchannel\tsex\tvotes")]
    [InlineData("clips.TXT", "path,label,speaker,split,start,end,channel,sex,votes")]
    public void What_is_written_is_read(string name, string header)
    {
        Clip[] clips =
        [
            new(folder.PathOf("a, b\t\"c\".wav"), "very sad", "s;1", Subset.Train, 0.5, 1.0 / 3 + 1)
            {
                Sex = "female",

                Votes = new([new("very sad", 2), new("a;b=c", 0.5)]),
            },
            new("/other/b.wav", null, null) { Channel = AudioChannel.FromNumber(2) },
            new(folder.PathOf("sub", "c.wav"), "sad", null, Subset.Validation) { Sex = "male" },
        ];
        Manifest.Write(folder.PathOf(name), clips);
        Assert.Equal(header, File.ReadLines(folder.PathOf(name)).First());
        Assert.Equal(clips, Manifest.Read(folder.PathOf(name)));
        Assert.Equal(clips, CorpusReader.Read([folder.PathOf(name)]).Clips);
    }

    [Fact]
    public void Sex_and_votes_are_columns_only_where_a_clip_has_them()
    {
        Manifest.Write(folder.PathOf("clips.csv"), [new Clip(folder.PathOf("a.wav"), "sad", "s1")]);
        Assert.Equal(
            "path,label,speaker,split,start,end\na.wav,sad,s1,,,\n",
            File.ReadAllText(folder.PathOf("clips.csv"))
        );
    }

    [Theory]
    [InlineData("clips.jsonl")]
    [InlineData("clips.wav")]
    [InlineData("clips")]
    public void A_name_that_is_not_one_of_a_table_is_refused(string name)
    {
        Assert.Throws<InvalidInputException>(() => Manifest.Write(folder.PathOf(name), []));
        Assert.False(File.Exists(folder.PathOf(name)));
    }
}
