using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Corpora;

public sealed class CorpusReadersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string> Names => [.. CorpusReaders.All.Select(reader => reader.Name)];

    /// <summary>A recording of each corpus as published.</summary>
    public static TheoryData<string, string> Samples { get; } =
        new()
        {
            { "RAVDESS", "Actor_12/03-01-06-01-02-01-12.wav" },
            { "CREMA-D", "AudioWAV/1001_DFA_ANG_XX.wav" },
            { "EMO-DB", "wav/03a01Fa.wav" },
            { "SAVEE", "DC/sa01.wav" },
        };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_corpus_has_a_sample() =>
        Assert.Equal(
            CorpusReaders.All.Select(reader => reader.Name).Order(),
            Samples.Select(sample => sample.Data.Item1).Order()
        );

    [Theory, MemberData(nameof(Samples))]
    public void A_recording_is_recognized_by_the_reader_of_its_corpus_alone(string corpus, string recording)
    {
        AddRecording(["x", .. recording.Split('/')]);
        var content = CorpusFolder.Open(folder.Path);
        Assert.Equal(
            corpus,
            Assert.Single(CorpusReaders.All.Where(reader => reader.Recognizes(content)).Select(reader => reader.Name))
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_corpus_has_a_citation_and_a_row_in_the_documentation(string name)
    {
        var reader = CorpusReaders.All.Single(reader => reader.Name == name);
        Assert.Equal(name, reader.Citation.Corpus);
        Assert.NotEmpty(reader.Citation.Reference);
        var row = Assert.Single(File.ReadLines(Repository.Path("docs", "corpora.md")), line =>
            line.StartsWith($"| {name} |", StringComparison.Ordinal)
        );
        Assert.EndsWith($"| {reader.Citation.License} |", row, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recognized_folder_is_cited_once_and_another_folder_is_not()
    {
        AddRecording("first", "03a01Fa.wav");
        AddRecording("second", "16b10Lb.wav");
        AddRecording("other", "glad", "one.wav");
        string[] sources = [folder.PathOf("first"), folder.PathOf("second"), folder.PathOf("other")];
        Assert.Equal("EMO-DB", Assert.Single(CorpusReader.Read(sources).Citations).Corpus);
        Assert.Empty(CorpusReader.Read([folder.PathOf("other")]).Citations);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public void A_fifth_of_the_names_may_differ(int matching, bool recognized)
    {
        for (var i = 0; i < matching; i++)
            AddRecording("x", $"0{3 + i}a01Fa.wav");
        AddRecording("x", "info.wav");
        var corpus = CorpusReader.Read([folder.Path]);
        Assert.Equal(recognized, corpus.Name == "EMO-DB");
        Assert.Equal(
            recognized ? null : "x",
            corpus.Clips.Single(clip => clip.Path.EndsWith("info.wav", StringComparison.Ordinal)).Label
        );
        Assert.Equal(
            recognized,
            corpus.Notices.Any(notice => notice.StartsWith("1 files (for example ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_reader_sees_label_files_as_well_as_recordings()
    {
        AddRecording("x", "one.wav");
        File.WriteAllText(folder.PathOf("x", "labels.txt"), "one happy");
        var content = CorpusFolder.Open(folder.Path);
        Assert.Equal([folder.PathOf("x", "labels.txt"), folder.PathOf("x", "one.wav")], content.Files);
        Assert.Equal([folder.PathOf("x", "one.wav")], content.Recordings);
    }

    [Theory]
    [InlineData("ravdess_03-01-06-01-02-01-12", "fearful", "ravdess_12")]
    [InlineData("CremaD_1001_DFA_ANG_XX", "angry", "cremad_1001")]
    [InlineData("crema-d_1001_dfa_ang_xx", "angry", "cremad_1001")]
    [InlineData("emo-db_03a01Fa", "happy", "emodb_03")]
    [InlineData("16b10Lb", "boredom", "emodb_16")]
    public void A_file_name_may_begin_with_the_corpus(string name, string label, string speaker) =>
        Assert.Equal(new ClipMetadata(label, speaker), CorpusReaders.ParseFileName(name));

    [Theory]
    [InlineData("interview")]
    [InlineData("ravdess_interview")]
    public void A_file_name_of_no_corpus_has_no_label(string name) => Assert.Null(CorpusReaders.ParseFileName(name));

    private void AddRecording(params string[] path) => WavWriter.Write(folder.PathOf(path), new float[1600], 16_000);
}
