using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;
using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Readers.LabelFiles;

public sealed class LabelFileReadersTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("iemocap", "IEMOCAP")]
    [InlineData("msp-improv", "MSP-IMPROV")]
    [InlineData("msp-podcast", "MSP-Podcast")]
    [InlineData("meld", "MELD")]
    [InlineData("emofilm", "EmoFilm")]
    public void A_tree_is_read_as_expected(string name, string corpus)
    {
        using var tree = CorpusTree.Create(name);
        Assert.Equal(tree.ReadExpected(), tree.Read());
        Assert.Equal(corpus, Assert.Single(CorpusReader.Read([tree.Path]).Citations).Corpus);
    }

    [Fact]
    public void CREMA_D_has_the_labels_that_were_heard_if_they_are_asked_for()
    {
        using var tree = CorpusTree.Create("crema-d");
        var expected = CsvTable
            .Read(Fixtures.Path("corpora", "crema-d", "expected_voice.csv"))
            .Rows.ToDictionary(row => row["path"], row => row["label"]);
        var heard = tree.Read(new() { LabelKind = LabelKind.Perceived })
            .ToDictionary(clip => clip.Path, clip => clip.Label);
        Assert.All(expected, clip => Assert.Equal(clip.Value, heard[clip.Key]));
        var clip = CorpusReader
            .Read([tree.Path])
            .Clips.Single(clip => clip.Path == tree.PathOf("AudioWAV/1001_TSI_DIS_XX.wav"));
        Assert.Equal("disgust", clip.Label);
        Assert.Equal(LabelVotes.Parse("angry=1;neutral=8;sad=1"), clip.Votes);
    }

    [Fact]
    public void Labels_that_were_heard_need_the_table_of_CREMA_D()
    {
        AddRecording("AudioWAV/1001_DFA_ANG_XX.wav");
        var exception = Assert.Throws<InvalidInputException>(() =>
            CorpusReader.Read([folder.Path], new() { LabelKind = LabelKind.Perceived })
        );
        Assert.Contains("summaryTable.csv", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MSP_IMPROV_has_the_labels_that_were_acted_if_they_are_asked_for()
    {
        using var tree = CorpusTree.Create("msp-improv");
        var labels = tree.Read(new() { LabelKind = LabelKind.Intended }).Select(clip => clip.Label);
        Assert.Equal(["angry", "angry", "happy", "angry", "sad", "neutral"], labels);
    }

    [Fact]
    public void A_vote_of_IEMOCAP_is_divided_over_the_categories_of_an_evaluator()
    {
        using var tree = CorpusTree.Create("iemocap");
        var corpus = CorpusReader.Read([tree.Path]);
        var votes = LabelVotes.Parse("angry=0.5;frustrated=0.5;neutral=1");
        Assert.All(corpus.Clips, clip => Assert.Equal(votes, clip.Votes));
        Assert.Contains(corpus.Notices, notice => notice.StartsWith("2 recordings (", StringComparison.Ordinal));
    }

    [Fact]
    public void A_turn_of_IEMOCAP_belongs_to_the_speaker_in_its_last_part()
    {
        AddRecording("Ses02F_script01_1b/Ses02F_script01_1b_M004.wav");
        AddRecording("Ses05M_impro07a/Ses05M_impro07a_F010.wav");
        var clips = CorpusReader.Read([folder.Path]).Clips;
        Assert.Equal(["iemocap_Ses02M", "iemocap_Ses05F"], clips.Select(clip => clip.Speaker));
        Assert.Equal(["male", "female"], clips.Select(clip => clip.Sex));
        Assert.All(clips, clip => Assert.Null(clip.Label));
    }

    [Fact]
    public void The_label_files_that_are_missing_are_named_with_the_number_of_their_clips()
    {
        using var tree = CorpusTree.Create("iemocap");
        tree.AddRecording("Session2/sentences/wav/Ses02F_script01_1b/Ses02F_script01_1b_M004.wav");
        Assert.Contains(CorpusReader.Read([tree.Path]).Notices, notice =>
            notice.Contains(
                "are in no label file: looked for Session2/dialog/EmoEvaluation/Ses02F_script01_1b.txt",
                StringComparison.Ordinal
            )
        );
        AddRecording("session2/S03S/P/MSP-IMPROV-S03S-F02-P-MF07.wav");
        Assert.Contains(CorpusReader.Read([folder.Path]).Notices, notice =>
            notice.Contains("1 of 1 clips of MSP-IMPROV", StringComparison.Ordinal)
            && notice.Contains("looked for Evaluation.txt", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Films_of_MELD_without_its_tables_are_not_read_as_MELD_and_the_tables_are_named()
    {
        AddRecording("train_splits/dia0_utt0.wav");
        AddRecording("dev_splits_complete/dia0_utt0.wav");
        var corpus = CorpusReader.Read([folder.Path]);
        Assert.Empty(corpus.Citations);
        Assert.Contains(corpus.Notices, notice =>
            notice.Contains(
                "2 of 2 names are like those of MELD, but none of its label files is there (dev_sent_emo.csv, "
                    + "train_sent_emo.csv)",
                StringComparison.Ordinal
            )
        );
    }

    [Fact]
    public void Clips_without_a_label_count_in_the_subsets_and_are_said_to_have_none()
    {
        using var tree = CorpusTree.Create("msp-podcast");
        var corpus = CorpusReader.Read([tree.Path]);
        var notice = corpus.Notices.Single(notice => notice.Contains("in no subset; ", StringComparison.Ordinal));
        var counts = new[] { Subset.Train, Subset.Validation, Subset.Test }
            .Select(subset => corpus.Clips.Count(clip => clip.Split == subset))
            .ToList();
        Assert.Contains(
            $"{counts[0]} train, {counts[1]} validation and {counts[2]} test clips, "
                + $"{corpus.Clips.Count - counts.Sum()} in no subset",
            notice,
            StringComparison.Ordinal
        );
        var unlabeled = corpus.Clips.Count(clip => clip.Label is null);
        Assert.True(unlabeled > 0);
        Assert.Contains($"; {unlabeled} of the clips have no label (", notice, StringComparison.Ordinal);
        var withoutSplit = CorpusReader.Read([tree.Path], new() { Protocol = "none" });
        Assert.All(withoutSplit.Clips, clip => Assert.Null(clip.Split));
        Assert.Contains(
            $"MSP-Podcast: the published subsets of {counts.Sum()} clips are not used, as asked for",
            withoutSplit.Notices
        );
    }

    [Theory]
    [InlineData("[0.5 - 2.4]\tSes01F_impro01_F000\tjoy\t[1, 2, 3]")]
    [InlineData("[0.5 - 2.4] Ses01F_impro01_F000 neu [1, 2, 3]")]
    [InlineData("[0.5")]
    public void An_invalid_line_of_IEMOCAP_is_an_error_with_its_number(string line)
    {
        AddRecording("sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav");
        Directory.CreateDirectory(folder.PathOf("dialog", "EmoEvaluation"));
        File.WriteAllText(
            folder.PathOf("dialog", "EmoEvaluation", "Ses01F_impro01.txt"),
            $"% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]\n\n{line}\n"
        );
        var exception = Assert.Throws<InvalidFileException>(() => CorpusReader.Read([folder.Path]));
        Assert.Contains("line 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_film_of_MSP_IMPROV_beside_its_sound_counts_once_and_the_other_spelling_is_read()
    {
        AddRecording("session2/S03S/P/MSP-IMPROV-S03S-F02-P-MF07.avi");
        AddRecording("session2/S03S/P/MSP-IMPROV-S03S-F02-P-MF07.wav");
        File.WriteAllText(
            folder.PathOf("Evalution.txt"),
            "UTD-IMPROV-S03S-F02-P-MF07.avi; H; A:1; V:NaN; D:3 ; N:4;\r\n"
        );
        var corpus = CorpusReader.Read([folder.Path]);
        var clip = Assert.Single(corpus.Clips);
        Assert.Equal(("happy", "mspimprov_F02", ".wav"), (clip.Label, clip.Speaker, Path.GetExtension(clip.Path)));
        Assert.Contains(corpus.Notices, notice => notice.StartsWith("1 recordings (", StringComparison.Ordinal));
    }

    [Fact]
    public void Votes_of_MSP_Podcast_are_the_workers_first_categories()
    {
        using var tree = CorpusTree.Create("msp-podcast");
        tree.Write(
            "Labels/labels.txt",
            "MSP-PODCAST_0003_0101.wav; A; A:5.8; V:2.2; D:5.6;\nWORKER1; Angry; Angry,Contempt; A:4; V:4; D:4;\n"
                + "WORKER2; Disgust; Disgust; A:4; V:4; D:4;\nWORKER3; Angry; Angry; A:4; V:4; D:4;\n\n"
                + "WORKER4; Annoyed; Other; A:4; V:4; D:4;\n"
        );
        var clip = CorpusReader.Read([tree.Path]).Clips[0];
        Assert.Equal(LabelVotes.Parse("angry=2;disgust=1;other=1"), clip.Votes);
    }

    [Fact]
    public void The_older_names_of_MSP_Podcast_are_read()
    {
        AddRecording("Audio/MSP-PODCAST_0001_0008.wav");
        AddRecording("Audio/MSP-PODCAST_0002_0039.wav");
        File.WriteAllText(
            folder.PathOf("labels_concensus.csv"),
            "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set\n"
                + "MSP-PODCAST_0001_0008.wav,D,1,2,3,7,Female,Validation\n"
                + "MSP-PODCAST_0002_0039.wav,N,1,2,3,Unknown,Male,Test2\n"
        );
        var corpus = CorpusReader.Read([folder.Path]);
        Assert.Equal(["disgust", "neutral"], corpus.Clips.Select(clip => clip.Label));
        Assert.Equal(["msppodcast_7", null], corpus.Clips.Select(clip => clip.Speaker));
        Assert.Equal([Subset.Validation, null], corpus.Clips.Select(clip => clip.Split));
        Assert.Contains(corpus.Notices, notice => notice.Contains("1 of 2 clips", StringComparison.Ordinal));
    }

    [Fact]
    public void A_corrected_film_of_MELD_replaces_the_other_one()
    {
        using var tree = CorpusTree.Create("meld");
        tree.AddRecording("output_repeated_splits_test/dia108_utt0.mp4");
        var corpus = CorpusReader.Read([tree.Path]);
        Assert.Equal(tree.ReadExpected(), tree.Describe(corpus.Clips));
        Assert.Contains(corpus.Notices, notice => notice.StartsWith("1 films (", StringComparison.Ordinal));
        Assert.Contains(corpus.Notices, notice => notice.Contains("dia110_utt7", StringComparison.Ordinal));
    }

    [Fact]
    public void A_part_of_MELD_may_be_the_folder_itself()
    {
        using var tree = CorpusTree.Create("meld");
        var clips = CorpusReader.Read([tree.PathOf("train")]).Clips;
        Assert.Equal(["happy", "angry", "neutral"], clips.Select(clip => clip.Label));
    }

    [Fact]
    public void EmoFilm_without_its_workbook_has_no_speakers()
    {
        AddRecording("wav_corpus_16k/m_dis018bit_16k.wav");
        var corpus = CorpusReader.Read([folder.Path]);
        var clip = Assert.Single(corpus.Clips);
        Assert.Equal(("contempt", null, "male"), (clip.Label, clip.Speaker, clip.Sex));
        Assert.Contains(corpus.Notices, notice => notice.StartsWith("1 of 1 clips", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Ses06F_impro01_F000.wav")]
    [InlineData("Ses01F_impro01_X000.wav")]
    [InlineData("MSP-IMPROV-S01A-F07-P-FM01.wav")]
    [InlineData("MSP-PODCAST_001_0008.wav")]
    [InlineData("dia0_utt0.wav")]
    [InlineData("f_neu001aen.wav")]
    public void Other_names_are_not_recognized(string name)
    {
        AddRecording($"train/{name}");
        Assert.Null(CorpusReaders.Recognize(CorpusFolder.Open(folder.Path)).Reader);
    }

    private void AddRecording(string path) => WavWriter.Write(folder.PathOf(path.Split('/')), new float[1600], 16_000);
}
