using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Formats;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>Labels that contradict the names of recordings, in every corpus whose names have the emotion.</summary>
public sealed class FileNameLabelsTests
{
    private const int Repetitions = 6; // of three right clips: one wrong of 19 is below the 10% that are allowed

    /// <summary>Three recordings of each corpus as published, with their labels.</summary>
    public static TheoryData<string, string> Recordings { get; } =
        new()
        {
            { "AESDD", "anger/a01 (1).wav angry|anger/a02 (2).wav angry|sadness/s01 (5)a.wav sad" },
            {
                "ASVP-ESD",
                "actor_36/03-01-09-01-06-36-02-02-01-39.wav excited|actor_01/03-01-04-01-06-01-02-02-01-03.wav sad|"
                    + "actor_02/03-01-05-01-06-02-02-02-01-03.wav angry"
            },
            { "BAVED", "0/0-m-21-0-0-105.wav low|1/0-m-21-1-1-106.wav normal|2/7-F-22-2-2-107.wav high" },
            { "CREMA-D", "1001_DFA_ANG_XX.wav angry|1002_DFA_SAD_XX.wav sad|1003_IEO_HAP_HI.wav happy" },
            { "CaFE", "Fort/01-C-1-1.wav angry|Fort/02-D-2-3.wav disgust|Neutre/12-N-1-6.wav neutral" },
            { "EMO-DB", "wav/03a01Fa.wav happy|wav/08b02Ld.wav boredom|wav/16b10Wb.wav angry" },
            { "EMOVO", "f1/dis-f1-b1.wav disgust|m1/gio-m1-b1.wav happy|m2/tri-m2-l1.wav sad" },
            { "ESD", "0011/Angry/0011_000351.wav angry|0012/Sad/0012_001051.wav sad|0011/Happy/0011_000701.wav happy" },
            {
                "EmoV-DB",
                "bea_Amused/amused_1-15_0001.wav amused|sam_Angry/anger_1-28_0002.wav angry|"
                    + "josh_Neutral/neutral_1-28_0003.wav neutral"
            },
            { "JL-Corpus", "male2_sad_6b_1.wav sad|female1_angry_6b_1.wav angry|male1_happy_1a_2.wav happy" },
            { "Oréau", "m/sessc/07a01Ca.wav angry|m/sessj/07z02Ja.wav happy|f/sessn/09a03Na.wav neutral" },
            {
                "RAVDESS",
                "Actor_12/03-01-06-01-02-01-12.wav fearful|Actor_12/03-01-05-01-02-01-12.wav angry|"
                    + "Actor_01/03-01-01-01-02-01-01.wav neutral"
            },
            { "SAVEE", "DC/sa01.wav sad|JE/a01.wav angry|KL_su03.wav surprised" },
            {
                "SUBESCO",
                "F_02_NAME_S_10_ANGRY_1.wav angry|M_01_NAME_S_1_SAD_2.wav sad|F_01_NAME_S_3_HAPPY_1.wav happy"
            },
            { "ShEMO", "female/F14A09.wav angry|female/F01N01.wav neutral|male/M56W12.wav surprised" },
            { "TESS", "OAF_Fear/OAF_back_fear.wav fearful|OAF_bar_ps.wav surprised|YAF_sad/YAF_back_sad.wav sad" },
            { "URDU", "Angry/SM1_F1_A001.wav angry|Happy/SM1_F1_H02.wav happy|Sad/SF3_F2_S0103.wav sad" },
            { "VIVAE", "S01_fear_low_01.wav fearful|S02_anger_peak_02.wav angry|S03_pain_low_03.wav pain" },
            {
                "eNTERFACE'05",
                "subject 1/anger/sentence 1/s1_an_1.avi angry|subject 2/sadness/sentence 1/s2_sa_1.avi sad|"
                    + "subject 3/fear/sentence 2/s3_fe_2.avi fearful"
            },
        };

    [Fact]
    public void Every_corpus_with_the_emotion_in_its_names_has_recordings_here() =>
        Assert.Equal(
            CorpusReaders.All.OfType<FileNameReader>().Select(reader => reader.Name).Order(),
            Recordings.Select(row => row.Data.Item1).Order()
        );

    [Theory, MemberData(nameof(Recordings))]
    public void A_renamed_recording_is_found_in_every_corpus(string corpus, string recordings)
    {
        Clip[] right =
        [
            .. Enumerable.Repeat(recordings.Split('|').Select(Parse), Repetitions).SelectMany(clips => clips),
        ];
        Assert.Empty(FindMismatches(right));
        // As if the first recording had got the name of another: its name and its label differ.
        var renamed = right[0] with { Label = right[1].Label == right[0].Label ? right[2].Label : right[1].Label };
        var (index, warning) = Assert.Single(FindMismatches([.. right, renamed]));
        Assert.Equal((right.Length, AuditFindings.LabelMismatch), (index, warning.Name));
        Assert.Equal($"labeled {renamed.Label}, but named {right[0].Label} ({corpus})", $"{warning.Message}");
    }

    [Fact]
    public void Two_corpora_in_one_list_are_compared_apart()
    {
        Clip[] ravdess = [.. Enumerable.Range(1, 12).Select(i => Parse($"03-01-05-01-01-01-{i:00}.wav angry"))];
        Clip[] emodb = [.. Enumerable.Range(0, 14).Select(i => Parse($"{10 + (i / 2)}a0{1 + (i % 2)}Fa.wav happy"))];
        ravdess[5] = ravdess[5] with { Label = "sad" };
        emodb[2] = emodb[2] with { Label = "sad" };
        Assert.Equal([5, 14], FindMismatches([.. ravdess, .. emodb]).Select(found => found.Index).Order());
    }

    private static IEnumerable<(int Index, RecordingWarning Warning)> FindMismatches(Clip[] clips) =>
        FileNameLabels.FindMismatches([.. clips.Select(clip => (clip.Path, clip.Label))], ClipOrigins.Find(clips, []));

    private static Clip Parse(string recording)
    {
        var space = recording.LastIndexOf(' ');
        return new($"/corpora/x/{recording[..space]}", recording[(space + 1)..], "s");
    }
}
