using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Tests.Corpora.Manifests;

namespace AttnCrnn.Tests.Corpora;

public sealed class SourceSubsetsTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Manifests_that_are_named_after_subsets_are_a_split_which_is_said()
    {
        var corpus = CorpusReader.Read(WriteManifests());
        Assert.Equal(
            [Subset.Train, Subset.Train, Subset.Validation, Subset.Test],
            corpus.Clips.Select(clip => clip.Split!.Value)
        );
        Assert.Equal(corpus.Clips, corpus.Sources.SelectMany(source => source.Clips));
        Assert.Equal(
            "the names of the sources say their subsets (x_train.csv: 2 clips, train; x_dev.csv: 1 clips, val; "
                + "x_test.csv: 1 clips, test): a column split in manifests changes that, and protocol none makes no "
                + "split",
            Assert.Single(corpus.Notices)
        );
    }

    [Fact]
    public void Without_a_split_on_request_or_with_one_in_a_manifest_names_say_nothing()
    {
        var sources = WriteManifests();
        var none = new CorpusReadOptions { Protocol = CorpusProtocol.None };
        Assert.All(CorpusReader.Read(sources, none).Clips, clip => Assert.Null(clip.Split));
        sources[2] = folder.Write("path,split\nd.wav,train\n", "x_test.csv");
        var clips = CorpusReader.Read(sources).Clips;
        Assert.Equal([Subset.Train], clips.Select(clip => clip.Split).OfType<Subset>());
    }

    [Fact]
    public void Folders_that_are_named_after_subsets_are_a_split()
    {
        foreach (var path in (string[])["train/sad/a.wav", "train/happy/b.wav", "test/sad/c.wav"])
            WavWriter.Write(folder.PathOf(path.Split('/')), new float[1600], 16_000);
        var clips = CorpusReader.Read([folder.PathOf("train"), folder.PathOf("test")]).Clips;
        Assert.Equal([Subset.Train, Subset.Train, Subset.Test], clips.Select(clip => clip.Split!.Value));
    }

    [Theory]
    [InlineData("x_train.csv", "y_test.csv")]
    [InlineData("x_train1.csv", "x_train2.csv")]
    [InlineData("train_a.csv", "train_b.csv")]
    [InlineData("test_train.csv", "train_dev.csv")]
    public void Names_that_differ_otherwise_are_no_split(string first, string second)
    {
        var corpus = CorpusReader.Read([folder.Write("path\na.wav\n", first), folder.Write("path\nb.wav\n", second)]);
        Assert.All(corpus.Clips, clip => Assert.Null(clip.Split));
        Assert.Empty(corpus.Notices);
    }

    private string[] WriteManifests() =>
        [
            folder.Write("path\na.wav\nb.wav\n", "x_train.csv"),
            folder.Write("path\nc.wav\n", "x_dev.csv"),
            folder.Write("path\nd.wav\n", "x_test.csv"),
        ];
}
