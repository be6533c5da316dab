namespace AttnCrnn.IntegrationTests.Corpora;

/// <summary>Layouts of the corpora with labels in files beside the recordings, as published.</summary>
internal static class LabelFileLayouts
{
    private static readonly string[] IemocapCodes = ["ang", "exc", "fru", "hap", "neu", "sad"];
    private static readonly string[] ImprovCodes = ["A", "H", "N", "S"];
    private static readonly string[] PodcastCodes = ["A", "S", "H", "U", "F", "D", "C", "N", "O"];
    private static readonly string[] MeldCodes = ["neutral", "joy", "surprise", "anger", "sadness", "disgust", "fear"];
    private static readonly string[] MeldSpeakers = ["Anna", "Ben", "Carla", "Dan"];
    private static readonly string[] PodcastSubsets = ["Train", "Train", "Development", "Test1"];

    // Folders of the films, and the tables of their labels, by speaker.
    private static readonly (string Folder, string Table)[] MeldParts =
    [
        ("train_splits", "train_sent_emo.csv"),
        ("train_splits", "train_sent_emo.csv"),
        ("dev_splits_complete", "dev_sent_emo.csv"),
        ("output_repeated_splits_test", "test_sent_emo.csv"),
    ];

    public static IReadOnlyList<CorpusLayout> All { get; } =
    [
        new(
            "IEMOCAP",
            [.. Enumerable.Range(1, 5).SelectMany(session => (string[])[$"Ses0{session}F", $"Ses0{session}M"])],
            IemocapCodes,
            (speaker, code, clip) =>
                $"Session{speaker[4]}/sentences/wav/{GetDialogue(speaker)}/{GetTurn(speaker, code, clip)}.wav"
        )
        {
            Clips = 1,
            Extract = ["--protocol", "session1"],
            TestSpeakers = ["iemocap_Ses01F", "iemocap_Ses01M"],
            LabelFile = speaker => $"Session{speaker[4]}/dialog/EmoEvaluation/{GetDialogue(speaker)}.txt",
            LabelLine = (speaker, code, clip) =>
                $"[1.0 - 2.0]\t{GetTurn(speaker, code, clip)}\t{code}\t[2.5, 2.5, 2.5]\nC-E1:\tNeutral; Anger;\t()\n",
            Folds = 5,
        },
        new(
            "MSP-IMPROV",
            [.. Enumerable.Range(1, 6).SelectMany(session => (string[])[$"F0{session}", $"M0{session}"])],
            ImprovCodes,
            (speaker, code, clip) => $"session{speaker[2]}/S01{code}/P/MSP-IMPROV-S01{code}-{speaker}-P-FM0{clip}.wav"
        )
        {
            Clips = 1,
            Extract = ["--protocol", "session1"],
            TestSpeakers = ["mspimprov_F01", "mspimprov_M01"],
            LabelFile = _ => "Evaluation.txt",
            LabelLine = (speaker, code, clip) =>
                $"UTD-IMPROV-S01{code}-{speaker}-P-FM0{clip}.avi; {code}; A:3.2; V:NaN; D:2.8 ; N:4.6;\n"
                + "RATER01; Neutral; Neutral,Other; A:3.0; V:3.0; D:3.0; N:4.0;\n\n",
        },
        new("MSP-Podcast", ["1", "2", "3", "4"], PodcastCodes, (speaker, code, clip) =>
            $"Audios/{GetPodcast(speaker, code, clip)}"
        )
        {
            Extract = ["--protocol", "official"],
            TestSpeakers = ["msppodcast_4"],
            LabelFile = _ => "Labels/labels_consensus.csv",
            LabelHeader = "FileName,EmoClass,EmoAct,EmoVal,EmoDom,SpkrID,Gender,Split_Set\n",
            LabelLine = (speaker, code, clip) =>
                $"{GetPodcast(speaker, code, clip)},{code},4,4,4,{speaker},Female,"
                + $"{PodcastSubsets[speaker[0] - '1']}\n",
        },
        new("MELD", MeldSpeakers, MeldCodes, (speaker, code, clip) =>
            $"{MeldParts[Array.IndexOf(MeldSpeakers, speaker)].Folder}/dia0_utt{GetUtterance(speaker, code, clip)}.mp4"
        )
        {
            Extract = ["--protocol", "official"],
            TestSpeakers = ["meld_Dan"],
            LabelFile = speaker => MeldParts[Array.IndexOf(MeldSpeakers, speaker)].Table,
            LabelHeader = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n",
            LabelLine = (speaker, code, clip) =>
                $"1,\"Well, yes\",{speaker},{code},neutral,0,{GetUtterance(speaker, code, clip)}\n",
        },
    ];

    private static string GetDialogue(string speaker) => $"{speaker[..5]}F_impro01";

    private static string GetTurn(string speaker, string code, int clip) =>
        $"{GetDialogue(speaker)}_{speaker[5]}{(10 * Array.IndexOf(IemocapCodes, code)) + clip:000}";

    private static string GetPodcast(string speaker, string code, int clip) =>
        $"MSP-PODCAST_000{speaker}_{(10 * Array.IndexOf(PodcastCodes, code)) + clip:0000}.wav";

    private static int GetUtterance(string speaker, string code, int clip) =>
        (100 * Array.IndexOf(MeldSpeakers, speaker)) + (10 * Array.IndexOf(MeldCodes, code)) + clip;
}
