using AttnCrnn.Corpora;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Corpora;

/// <summary>Names that several corpora, or recordings of anything, could have.</summary>
public sealed class CorpusEvidenceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("wav/03a01Fa.wav", "EMO-DB")]
    [InlineData("wav/03a01Fa.wav|wav/12b02Na.wav", "EMO-DB")]
    [InlineData("03-01-05-01-01-01-12.wav", "RAVDESS")]
    [InlineData("male/M02F01.wav|male/M02F02.wav|male/M02F03.wav", "ShEMO")]
    public void Few_names_or_one_label_of_one_speaker_are_no_evidence(string recordings, string corpus)
    {
        var read = Read(recordings);
        Assert.Empty(read.Citations);
        Assert.All(read.Clips, clip => Assert.Null(clip.Speaker));
        Assert.Contains(read.Notices, notice =>
            notice.Contains($"names are like those of {corpus}, but not read as this corpus", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("a/08a02Na.wav|a/09a02Ta.wav|a/10a05Na.wav")] // sentences and speakers of both
    [InlineData("a/08a02Na.wav|a/09a02Ta.wav|a/10a05Na.wav|a/11a05Ta.wav")]
    public void Names_that_two_corpora_have_alike_are_not_read_as_either(string recordings)
    {
        var read = Read(recordings);
        Assert.Empty(read.Citations);
        Assert.Contains(read.Notices, notice =>
            notice.Contains("names are names of EMO-DB and of Oréau", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("a/08a02Na.wav|a/09a02Ta.wav|a/10a05Na.wav|a/10a05Ca.wav", "Oréau")]
    [InlineData("a/08a02Na.wav|a/09a02Ta.wav|a/10a05Na.wav|a/10a05Wb.wav", "EMO-DB")]
    public void The_whole_folder_decides(string recordings, string corpus) =>
        Assert.Equal(corpus, Read(recordings).Name);

    [Theory]
    [InlineData(
        "a/03-01-01-01-01-01-01.wav|a/03-01-02-01-01-01-02.wav|a/03-01-03-01-01-01-03.wav|"
            + "a/03-01-04-01-01-01-03.wav|a/03-01-05-01-01-01-34.wav"
    )]
    [InlineData("a/03-01-01-01-01-01-01.wav|a/03-01-01-02-01-01-01.wav|a/03-01-03-01-01-01-03.wav")]
    public void Other_corpora_with_the_names_of_Ravdess_are_not_read_as_it(string recordings)
    {
        var read = Read(recordings);
        Assert.Empty(read.Citations);
        Assert.Contains(read.Notices, notice =>
            notice.Contains("like those of RAVDESS, but not read as this corpus", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("sad/DC/a01.wav|sad/JE/h01.wav|sad/KL/n02.wav|angry/1.wav", "3 of 4", "SAVEE", "specify ")]
    [InlineData("DC/a01.wav|JE/h01.wav|KL/n02.wav|DC/1.wav|JE/2.wav", "3 of 5", "SAVEE", "in a folder of their own")]
    public void Names_of_a_corpus_among_others_are_counted(
        string recordings,
        string counts,
        string corpus,
        string remedy
    )
    {
        var notice = Assert.Single(Read(recordings).Notices, notice =>
            notice.Contains($"{counts} names (for example", StringComparison.Ordinal)
        );
        Assert.Contains($"are like those of {corpus}, but the others are not", notice, StringComparison.Ordinal);
        Assert.Contains(remedy, notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_corpora_in_one_folder_are_both_named_also_where_its_folders_are_ambiguous()
    {
        const string recordings =
            "s/DC/a01.wav|s/JE/h01.wav|s/KL/n02.wav|t/OAF_back_angry.wav|t/YAF_bite_sad.wav|t/YAF_dog_fear.wav";
        var notices = Assert.Throws<InvalidInputException>(() => Read(recordings)).Message;
        Assert.Contains(
            $"SAVEE, but the others are not: not read as this corpus; specify {folder.PathOf("s")} as",
            notices,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"TESS, but the others are not: not read as this corpus; specify {folder.PathOf("t")} as",
            notices,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("3.wav|4.wav|DC/a01.wav|JE/h01.wav")] // too few
    [InlineData("wav/03a01Fa.wav|wav/03a02Fa.wav|wav/03a04Fa.wav|wav/x.wav|wav/y.wav")] // one speaker and label
    public void Names_that_others_have_by_chance_are_not_mentioned(string recordings) =>
        Assert.DoesNotContain(Read(recordings).Notices, notice =>
            notice.Contains("are like those of", StringComparison.Ordinal)
        );

    [Fact]
    public void A_folder_with_a_slash_at_its_end_has_a_name()
    {
        WavWriter.Write(folder.PathOf("angry", "1.wav"), new float[1600], 16_000);
        Assert.Equal(Path.GetFileName(folder.Path), CorpusReader.Read([folder.Path + "/"]).Name);
    }

    private Corpus Read(string recordings)
    {
        foreach (var path in recordings.Split('|'))
            WavWriter.Write(folder.PathOf(path.Split('/')), new float[1600], 16_000);
        return CorpusReader.Read([folder.Path]);
    }
}
