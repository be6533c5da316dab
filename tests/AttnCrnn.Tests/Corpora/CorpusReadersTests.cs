using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Corpora;

public sealed class CorpusReadersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public static TheoryData<string> Names => [.. CorpusReaders.All.Select(reader => reader.Name)];

    /// <summary>Recordings of each corpus as published, three if its names are generic.</summary>
    public static TheoryData<string, string> Samples { get; } =
        new()
        {
            { "AESDD", "anger/a01 (1).wav|anger/a02 (01).wav|sadness/s01 (5)a.wav" },
            { "ASVP-ESD", "Audio/actor_36/03-01-09-01-06-36-02-02-01-39.wav" },
            { "BAVED", "0/0-m-21-0-1-105.wav|1/0-m-21-1-2-106.wav|2/7-F-22-2-0-107.wav" },
            { "CREMA-D", "AudioWAV/1001_DFA_ANG_XX.wav" },
            { "CaFE", "Faible/01-C-1-1.wav|Fort/02-D-2-3.wav|Neutre/12-N-1-6.wav" },
            { "EmoFilm", "wav_corpus/f_ans001aen.wav" },
            { "IEMOCAP", "Session1/sentences/wav/Ses01F_impro02/Ses01F_impro02_M000.wav" },
            { "MELD", "train_splits/dia0_utt0.mp4|train_sent_emo.csv" },
            { "MSP-IMPROV", "session1/S01A/P/MSP-IMPROV-S01A-F01-P-FM01.wav" },
            { "MSP-Podcast", "Audios/MSP-PODCAST_0001_0008.wav" },
            { "EMO-DB", "wav/03a01Fa.wav|wav/08b02Ld.wav|wav/16b10Wb.wav" },
            { "EMOVO", "f1/dis-f1-b1.wav" },
            { "ESD", "0011/Angry/0011_000351.wav" },
            { "EmoV-DB", "bea_Amused/amused_1-15_0001.wav" },
            { "JL-Corpus", "JL(wav+txt)/male2_concerned_6b_1.wav" },
            { "Oréau", "m/sessc/07a01Ca.wav|m/sessj/07z02Ja.wav|f/sessn/09a03Na.wav" },
            {
                "RAVDESS",
                "Actor_12/03-01-06-01-02-01-12.wav|Actor_12/03-01-05-01-02-01-12.wav|Actor_01/03-02-01-01-02-01-01.wav"
            },
            { "SAVEE", "DC/sa01.wav" },
            { "SUBESCO", "F_02_NAME_S_10_ANGRY_1.wav" },
            { "ShEMO", "female/F14A09.wav|female/F01N01.wav|male/M56W12.wav" },
            { "TESS", "OAF_Fear/OAF_back_fear.wav" },
            { "URDU", "Angry/SM1_F1_A001.wav|Happy/SM1_F1_H02.wav|Sad/SF3_F2_S0103.wav" },
            { "VIVAE", "full_set/S01_achievement_low_01.wav" },
            { "eNTERFACE'05", "subject 1/anger/sentence 1/s1_an_1.avi" },
        };

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_corpus_has_a_sample() =>
        Assert.Equal(
            CorpusReaders.All.Select(reader => reader.Name).Order(),
            Samples.Select(sample => sample.Data.Item1).Order()
        );

    [Theory, MemberData(nameof(Samples))]
    public void Recordings_are_recognized_by_the_reader_of_their_corpus_alone(string corpus, string recordings)
    {
        foreach (var recording in recordings.Split('|'))
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
        AddRecording("first", "1001_DFA_ANG_XX.wav");
        AddRecording("second", "1002_DFA_SAD_XX.wav");
        AddRecording("other", "glad", "one.wav");
        string[] sources = [folder.PathOf("first"), folder.PathOf("second"), folder.PathOf("other")];
        Assert.Equal("CREMA-D", Assert.Single(CorpusReader.Read(sources).Citations).Corpus);
        Assert.Empty(CorpusReader.Read([folder.PathOf("other")]).Citations);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public void A_fifth_of_the_names_may_differ(int matching, bool recognized)
    {
        for (var i = 0; i < matching; i++)
            AddRecording("x", $"1{3 + i}a01Fa.wav");
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

    private void AddRecording(params string[] path) => WavWriter.Write(folder.PathOf(path), new float[1600], 16_000);
}
