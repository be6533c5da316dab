using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class ManifestColumnsTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("path,label,speaker,split")]
    [InlineData("file,emotion,spk_id,subset")]
    [InlineData("filename,emo,speaker_id,partition")]
    [InlineData("FileName,Emotion,SpkrID,Split_Set")]
    [InlineData("file_name,Label,SPEAKER,Subset")]
    [InlineData("wav,EMO,Speaker_ID,SPLIT")]
    [InlineData("wav_path,Emotion,spk,Partition")]
    [InlineData("audio,label\u00A0,\u200Bspeaker,split")]
    [InlineData("file_path,emotion_label,subject,set")]
    [InlineData("filepath,Emotion Name,subject-id,Set")]
    [InlineData("audio_file,label_name,actor,data_split")]
    [InlineData("wav_file,label,ActorID,DataSplit")]
    [InlineData("AudioFilename,label,participant,split")]
    [InlineData("File Name,label,speakerID,split")]
    [InlineData("path_to_wav,label,Speaker Id,split")]
    [InlineData("path,label,spkr,split")]
    [InlineData("path,label,spk_name,split")]
    public void Columns_have_the_names_that_other_tools_use(string header)
    {
        var (clips, notices) = folder.Read($"{header}\na.wav,A,127,Development\n");
        Assert.Equal(new Clip(folder.PathOf("a.wav"), "A", "127", Subset.Validation), Assert.Single(clips));
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData("file,path\nb.wav,a.wav\n", "columns path and file both name the recording: path is used")]
    [InlineData("audio,wav\nb.wav,a.wav\n", "columns wav and audio both name the recording: wav is used")]
    public void Of_two_names_the_first_in_the_order_of_the_names_is_used_and_said(string text, string notice)
    {
        var (clips, notices) = folder.Read(text);
        Assert.Equal(folder.PathOf("a.wav"), Assert.Single(clips).Path);
        Assert.Equal($"clips.csv: {notice}", Assert.Single(notices));
    }

    [Fact]
    public void Of_two_labels_and_two_splits_the_first_names_are_used()
    {
        var (clips, notices) = folder.Read("emo,Label,path,split_set,subset\nangry,sad,a.wav,test,train\n");
        Assert.Equal(("sad", Subset.Train), (clips[0].Label, clips[0].Split));
        Assert.Equal(
            [
                "clips.csv: columns Label and emo both name the label: Label is used",
                "clips.csv: columns subset and split_set both name the split: subset is used",
            ],
            notices
        );
    }

    [Fact]
    public void Letters_of_EmoClass_are_the_codes_of_MSP_Podcast_and_X_is_no_label()
    {
        var (clips, notices) = folder.Read("FileName,EmoClass\na.wav,A\nb.wav,X\nc.wav,N\nd.wav,X\ne.wav,A\n");
        Assert.Equal(["angry", null, "neutral", null, "angry"], clips.Select(clip => clip.Label));
        Assert.Equal(
            [
                "clips.csv: 2 of 5 clips are of class X in emoclass, on which the raters do not agree, and have "
                    + "no label",
                "clips.csv: the letters of emoclass are read as MSP-Podcast's codes: A (2) is angry, N (1) is neutral",
            ],
            notices
        );
    }

    [Fact]
    public void Words_of_EmoClass_are_kept_but_X_is_no_label()
    {
        var (clips, _) = folder.Read("FileName,EmoClass\na.wav,A\nb.wav,X\nc.wav,calm\n");
        Assert.Equal(["A", null, "calm"], clips.Select(clip => clip.Label));
    }

    [Fact]
    public void A_set_that_is_no_subset_is_not_used()
    {
        var (clips, notices) = folder.Read("path,set,fold_split\na.wav,train,1\nb.wav,B,1\n");
        Assert.All(clips, clip => Assert.Null(clip.Split));
        Assert.Equal("2 columns of clips.csv are not used: set, fold_split", Assert.Single(notices));
    }

    [Fact]
    public void Columns_that_are_not_used_are_named_once()
    {
        var (_, notices) = folder.Read(",path,Age,label,text,duration\n0,a.wav,31,sad,hm,1.5\n1,b.wav,32,sad,ha,1\n");
        Assert.Equal("3 columns of clips.csv are not used: Age, text, duration", Assert.Single(notices));
    }

    [Theory]
    [InlineData("name,label\na.wav,sad\n", "columns 'name, label'")]
    [InlineData("a.wav\nb.wav\n", "columns 'a.wav'")]
    public void A_table_that_does_not_name_the_recordings_is_refused_with_its_columns(string text, string found)
    {
        var exception = Assert.Throws<InvalidFileException>(() => folder.Read(text));
        Assert.Equal(found, exception.Found);
        Assert.Contains("path, file, filename, file_name, wav", exception.Expected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gender", "Female", "female")]
    [InlineData("sex", "f", "female")]
    [InlineData("Gender", "W", "female")]
    [InlineData("sex", "M", "male")]
    [InlineData("gender", "male", "male")]
    [InlineData("gender", "Diverse", "diverse")]
    [InlineData("gender", "Unknown", null)]
    [InlineData("sex", "NaN", null)]
    public void The_sex_is_read(string column, string cell, string? sex)
    {
        var (clips, _) = folder.Read($"path,{column}\na.wav,{cell}\n");
        Assert.Equal(sex, Assert.Single(clips).Sex);
    }

    [Theory]
    [InlineData("2", "loudest", "2", "loudest")]
    [InlineData("1", "", "1", null)]
    [InlineData("1", "microphone", null, null)]
    [InlineData("left", "R", "1", "2")]
    public void Channels_are_read_from_a_column_that_has_nothing_else(
        string first,
        string second,
        string? expectedFirst,
        string? expectedSecond
    )
    {
        var (clips, notices) = folder.Read($"path,channel\na.wav,{first}\nb.wav,{second}\n");
        Assert.Equal([expectedFirst, expectedSecond], clips.Select(clip => clip.Channel?.ToString()));
        Assert.Equal(expectedFirst is null, notices.Contains("1 columns of clips.csv are not used: channel"));
        Assert.Equal(
            expectedFirst is null,
            notices.Any(notice =>
                notice.Contains($"since '{second}' in line 3 is no channel", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public void A_channel_0_is_refused_with_its_line()
    {
        var error = Assert.Throws<InvalidFileException>(() => folder.Read("path,channel\na.wav,1\na.wav,0\n"));
        Assert.Equal("'0' as channel in line 3", error.Found);
        Assert.Contains("number the channels from 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Paths_of_Windows_are_read_where_such_a_file_exists_and_this_is_said()
    {
        Directory.CreateDirectory(folder.PathOf("audio"));
        File.WriteAllText(folder.PathOf("audio", "a.wav"), "");
        var (clips, notices) = folder.Read("path,label\naudio\\a.wav,sad\nodd\\b.wav,sad\n");
        Assert.Equal([folder.PathOf("audio", "a.wav"), folder.PathOf("odd\\b.wav")], clips.Select(clip => clip.Path));
        Assert.StartsWith("clips.csv: 1 paths have \\", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_without_any_cell_are_no_clips()
    {
        var (clips, _) = folder.Read("path;label\na.wav;sad\n;\n;\n");
        Assert.Single(clips);
    }
}
