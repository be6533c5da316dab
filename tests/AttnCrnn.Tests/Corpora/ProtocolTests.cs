using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora;

public sealed class ProtocolTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_protocol_by_speaker_assigns_every_clip()
    {
        foreach (var actor in (string[])["01", "15", "16", "18", "20", "21", "24"])
            AddRecording($"03-01-05-01-01-01-{actor}.wav");
        var corpus = Read("audeering");
        Assert.Equal(
            ["01 Train", "15 Train", "16 Validation", "18 Train", "20 Validation", "21 Test", "24 Test"],
            corpus.Clips.Select(clip => $"{clip.Speaker![8..]} {clip.Split}")
        );
        Assert.Contains(corpus.Notices, notice =>
            notice.Contains(
                "3 train, 2 validation and 2 test clips, 0 in no subset; 0 speakers",
                StringComparison.Ordinal
            )
        );
        Assert.All(Read(null).Clips, clip => Assert.Null(clip.Split));
    }

    [Fact]
    public void Each_fold_tests_a_group_that_no_other_fold_tests()
    {
        foreach (var corpus in KnownCorpora.Descriptions)
        {
            var folds = corpus.Protocols.Where(protocol =>
                protocol.Name.StartsWith("emobox", StringComparison.Ordinal)
            );
            var tested = folds.SelectMany(fold =>
                Enumerable
                    .Range(1, 24)
                    .Select(i => Clip($"ravdess_{i:00}"))
                    .Where(clip => fold.Assign(clip) == Subset.Test)
            );
            if (corpus.Name == "RAVDESS")
                Assert.Equal(
                    Enumerable.Range(1, 24).Select(i => $"ravdess_{i:00}"),
                    tested.Select(clip => clip.Speaker!).Order()
                );
        }
    }

    [Fact]
    public void The_flat_layout_of_Esd_has_the_official_split_by_numbers()
    {
        using var flat = CorpusTree.Create("esd");
        using var partitioned = CorpusTree.Create("esd-partitioned");
        Assert.All(flat.Read(), clip => Assert.Equal("", clip.Split));
        var official = new CorpusReadOptions { Protocol = "official" };
        Assert.Equal(
            partitioned.ReadExpected().ToDictionary(clip => clip.Path.Split('/')[^1], clip => clip.Split),
            flat.Read(official).ToDictionary(clip => clip.Path.Split('/')[^1], clip => clip.Split)
        );
    }

    [Fact]
    public void None_leaves_out_a_published_split()
    {
        using var tree = CorpusTree.Create("esd-partitioned");
        Assert.All(tree.Read(new() { Protocol = "none" }), clip => Assert.Equal("", clip.Split));
    }

    [Fact]
    public void An_unknown_protocol_names_those_of_the_corpus()
    {
        using var tree = CorpusTree.Create("ravdess");
        var error = Assert.Throws<InvalidInputException>(() => tree.Read(new() { Protocol = "speakers" }));
        Assert.Contains("audeering, emobox1, emobox2", error.Message, StringComparison.Ordinal);
        Assert.Contains(", none", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_is_no_known_corpus_has_no_protocol()
    {
        AddRecording("glad/one.wav");
        Assert.Contains(
            "is not recognized as a corpus with protocols",
            Assert.Throws<InvalidInputException>(() => Read("audeering")).Message,
            StringComparison.Ordinal
        );
    }

    private static Clip Clip(string speaker) => new("x.wav", "angry", speaker);

    private Corpus Read(string? protocol) =>
        CorpusReader.Read([folder.Path], new CorpusReadOptions { Protocol = protocol });

    private void AddRecording(string path) => WavWriter.Write(folder.PathOf(path.Split('/')), new float[1600], 16_000);
}
