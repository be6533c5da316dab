using AttnCrnn.Corpora;
using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora;

/// <summary>The corpora that have label and speaker in file and folder names, as they lie on disk.</summary>
public sealed class NamedTreesTests
{
    [Theory]
    [InlineData("aesdd", "AESDD")]
    [InlineData("baved", "BAVED")]
    [InlineData("cafe", "CaFE")]
    [InlineData("crema-d", "CREMA-D")]
    [InlineData("emodb", "EMO-DB")]
    [InlineData("emov-db", "EmoV-DB")]
    [InlineData("emovo", "EMOVO")]
    [InlineData("enterface05", "eNTERFACE'05")]
    [InlineData("esd", "ESD")]
    [InlineData("esd-partitioned", "ESD")]
    [InlineData("jl-corpus", "JL-Corpus")]
    [InlineData("ravdess", "RAVDESS")]
    [InlineData("ravdess-kaggle", "RAVDESS")]
    [InlineData("savee", "SAVEE")]
    [InlineData("shemo", "ShEMO")]
    [InlineData("tess", "TESS")]
    public void Each_clip_has_the_label_speaker_split_and_sex_of_the_corpus(string name, string corpus)
    {
        using var tree = CorpusTree.Create(name);
        var read = CorpusReader.Read([tree.Path]);
        Assert.Equal(corpus, read.Name);
        Assert.Equal(tree.ReadExpected(), tree.Describe(read.Clips.Where(clip => clip.Label is not null)));
    }

    [Theory]
    [InlineData("savee", "1 files (for example SAVEE/AudioData/Info.wav) do not match the file names of SAVEE")]
    [InlineData("ravdess", "2 files (for example ")]
    [InlineData("ravdess", "video without sound (modality 02)")]
    [InlineData("ravdess", "1 files (for example ")]
    [InlineData("ravdess-kaggle", "3 files (for example ")]
    [InlineData("crema-d", "2 files (for example ")]
    [InlineData("crema-d", "1 of 7 files (for example ")]
    [InlineData("crema-d", "git lfs pull")]
    [InlineData("esd-partitioned", "split as published with the corpus: 2 train, 3 validation and 2 test clips")]
    [InlineData("enterface05", "1 of 9 file names (for example ")]
    [InlineData("ravdess", "2 of 7 clips of RAVDESS are sung")]
    [InlineData("baved", "the labels of all 6 clips of BAVED are levels of intensity")]
    [InlineData("emodb", "recognized as EMO-DB by 8 of 8 file names")]
    public void What_is_left_out_or_decided_is_said_with_numbers(string name, string expected)
    {
        using var tree = CorpusTree.Create(name);
        var notices = CorpusReader
            .Read([tree.Path])
            .Notices.Select(notice => notice.Replace(tree.Path, name.ToUpperInvariant(), StringComparison.Ordinal));
        Assert.Contains(notices, notice => notice.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void The_unit_of_a_take_is_speaker_label_and_name()
    {
        using var tree = CorpusTree.Create("tess");
        foreach (
            var file in (string[])
                ["copy/OAF_bite_neutral.wav", "copy/OAF_yes_ps.flac", "copy/OAF_no_ps.flac", "copy/YAF_yes_ps.wav"]
        )
            tree.AddRecording(file);
        Assert.Equal(
            [
                "OAF_back_angry.wav",
                "OAF_bite_neutral.wav",
                "OAF_yes_ps.wav",
                "YAF_back_sad.wav",
                "YAF_dog_disgust.wav",
                "YAF_food_fear.wav",
                "YAF_wag_happy.wav",
                "copy/OAF_no_ps.flac",
                "copy/YAF_yes_ps.wav",
            ],
            tree.Read().Select(clip => clip.Path)
        );
    }
}
