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

    private Corpus Read(string recordings)
    {
        foreach (var path in recordings.Split('|'))
            WavWriter.Write(folder.PathOf(path.Split('/')), new float[1600], 16_000);
        return CorpusReader.Read([folder.Path]);
    }
}
