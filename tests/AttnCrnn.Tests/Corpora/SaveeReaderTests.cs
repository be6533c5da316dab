using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Corpora;

public sealed class SaveeReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("DC/a01", "angry", "savee_DC")]
    [InlineData("JE/d15", "disgust", "savee_JE")]
    [InlineData("JK/f02", "fearful", "savee_JK")]
    [InlineData("KL/h03", "happy", "savee_KL")]
    [InlineData("DC/n30", "neutral", "savee_DC")]
    [InlineData("JE/sa15", "sad", "savee_JE")]
    [InlineData("JK/su02", "surprised", "savee_JK")]
    [InlineData("ALL/KL_su02", "surprised", "savee_KL")]
    [InlineData("ALL/DC_a01", "angry", "savee_DC")]
    public void The_speaker_is_in_the_folder_or_in_the_file_name(string path, string label, string speaker)
    {
        AddRecording($"AudioData/{path}.wav");
        var corpus = CorpusReader.Read([folder.Path]);
        var clip = Assert.Single(corpus.Clips);
        Assert.Equal(("SAVEE", label, speaker), (corpus.Name, clip.Label, clip.Speaker));
    }

    [Fact]
    public void The_same_file_name_of_two_speakers_gives_two_clips()
    {
        AddRecording("AudioData/DC/a01.wav");
        AddRecording("AudioData/JE/a01.wav");
        Assert.Equal(["savee_DC", "savee_JE"], CorpusReader.Read([folder.Path]).Clips.Select(clip => clip.Speaker));
    }

    [Theory]
    [InlineData("ALL/a01.wav")]
    [InlineData("XY/a01.wav")]
    [InlineData("DC/x01.wav")]
    [InlineData("DC/s01.wav")]
    [InlineData("DC/a1.wav")]
    [InlineData("ALL/XY_a01.wav")]
    public void Other_names_are_not_recognized(string path)
    {
        AddRecording(path);
        Assert.Empty(CorpusReader.Read([folder.Path]).Citations);
    }

    [Theory]
    [InlineData("DC_sa01", "sad", "savee_DC")]
    [InlineData("savee_DC_a01", "angry", "savee_DC")]
    public void A_name_with_its_speaker_needs_no_folder(string name, string label, string speaker) =>
        Assert.Equal(new ClipMetadata(label, speaker, "male"), CorpusFileNames.Create([name]).Parse(name));

    [Fact]
    public void A_name_without_its_speaker_needs_the_folder() =>
        Assert.Null(CorpusFileNames.Create(["a01"]).Parse("a01"));

    private void AddRecording(string path) => WavWriter.Write(folder.PathOf(path.Split('/')), new float[1600], 16_000);
}
