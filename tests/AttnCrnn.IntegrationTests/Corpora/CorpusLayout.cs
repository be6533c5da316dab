namespace AttnCrnn.IntegrationTests.Corpora;

/// <summary>The layout of a corpus, from which synthetic recordings are written under its names.</summary>
/// <param name="Corpus">Its name.</param>
/// <param name="Speakers">Speakers as in its paths; not all of those of a corpus with many.</param>
/// <param name="Codes">The codes of its emotions.</param>
/// <param name="Format">Path of a recording: speaker, code and number of the clip, from 0.</param>
internal sealed record CorpusLayout(
    string Corpus,
    string[] Speakers,
    string[] Codes,
    Func<string, string, int, string> Format
)
{
    /// <summary>Clips per speaker and emotion.</summary>
    public int Clips { get; init; } = 2;

    /// <summary>Options of <c>extract</c>.</summary>
    public string[] Extract { get; init; } = [];

    /// <summary>Options of <c>train</c>.</summary>
    public string[] Train { get; init; } = [];

    /// <summary>Speakers that only the test set has; none: those of a split that the program makes.</summary>
    public string[] TestSpeakers { get; init; } = [];

    /// <summary>Whether each speaker is in one subset.</summary>
    public bool IsSpeakerDisjoint { get; init; } = true;

    /// <summary>Number of folds of a further training; fewer speakers are trained without.</summary>
    public int Folds { get; init; } = 3; // for the test, the validation and the training set

    /// <summary>Label file of the clips of a speaker; null: labels are in the paths.</summary>
    public Func<string, string>? LabelFile { get; init; }

    /// <summary>First line of each label file.</summary>
    public string LabelHeader { get; init; } = "";

    /// <summary>Lines of a clip in its label file: speaker, code and number of the clip.</summary>
    public Func<string, string, int, string>? LabelLine { get; init; }

    /// <summary>The layouts of all corpora but EmoFilm, whose labels are in a workbook, as published.</summary>
    public static IReadOnlyList<CorpusLayout> All { get; } =
    [
        .. LabelFileLayouts.All,
        new("AESDD", ["1", "2", "3", "4", "5", "6"], ["a", "d", "f", "h", "s"], (speaker, code, clip) =>
            $"{code}/{code}{clip + 1:00} ({speaker}).wav"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["aesdd_5"],
        },
        new(
            "ASVP-ESD",
            ["1", "12", "36"],
            ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12", "13"],
            (speaker, code, clip) => $"Audio/actor_{speaker}/03-01-{code}-01-{clip + 1:00}-{speaker}-02-02-01-39.wav"
        )
        {
            Clips = 1,
        },
        new("BAVED", ["3", "49", "60", "100"], ["0", "1", "2"], (speaker, code, clip) =>
            $"{clip}/{speaker}-m-21-{clip}-{code}-{speaker}{clip}{code}.wav"
        ),
        new(
            "CREMA-D",
            ["1001", "1049", "1063", "1071"],
            ["ANG", "DIS", "FEA", "HAP", "NEU", "SAD"],
            (speaker, code, clip) => $"AudioWAV/{speaker}_{(clip == 0 ? "IEO" : "DFA")}_{code}_XX.wav"
        )
        {
            Extract = ["--protocol", "audeering"],

            TestSpeakers = ["cremad_1063", "cremad_1071"],
        },
        new("CaFE", ["01", "02", "09", "11"], ["C", "D", "J", "N", "P", "S", "T"], (speaker, code, clip) =>
            $"CaFE_48k/{code}/Faible/{speaker}-{code}-1-{clip + 1}.wav"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["cafe_11"],
        },
        new("EMO-DB", ["03", "08", "09", "12"], ["W", "L", "E", "A", "F", "T", "N"], (speaker, code, clip) =>
            $"wav/{speaker}a0{clip + 1}{code}a.wav"
        )
        {
            Extract = ["--protocol", "audeering"],

            TestSpeakers = ["emodb_12"],
        },
        new(
            "EMOVO",
            ["f1", "f2", "m1", "m2"],
            ["dis", "gio", "neu", "pau", "rab", "sor", "tri"],
            (speaker, code, clip) => $"EMOVO/{speaker}/{code}-{speaker}-b{clip + 1}.wav"
        )
        {
            Extract = ["--protocol", "emobox4"],

            TestSpeakers = ["emovo_m1"],
        },
        new(
            "ESD",
            ["0001", "0004", "0011", "0020"],
            ["Neutral", "Angry", "Happy", "Sad", "Surprise"],
            (speaker, code, clip) =>
                $"Emotion Speech Dataset/{speaker}/{code}/{speaker}_{GetSentence(code, clip):000000}.wav"
        )
        {
            Clips = 3,

            Extract = ["--protocol", "official"],

            IsSpeakerDisjoint = false,
        },
        new(
            "EmoV-DB",
            ["bea", "jenie", "josh", "sam"],
            ["amused", "anger", "disgust", "neutral", "sleepiness"],
            (speaker, code, clip) => $"{speaker}_{GetFolder(code)}/{code}_1-28_{clip + 1:0000}.wav"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["emovdb_bea"],
        },
        new(
            "JL-Corpus",
            ["female1", "female2", "male1", "male2"],
            [
                "angry",
                "anxious",
                "apologetic",
                "assertive",
                "concerned",
                "encouraging",
                "excited",
                "happy",
                "neutral",
                "sad",
            ],
            (speaker, code, clip) => $"JL(wav+txt)/{speaker}_{code}_{clip + 1}a_1.wav"
        )
        {
            Extract = ["--protocol", "emobox3"],

            TestSpeakers = ["jl_male1"],
        },
        new("Oréau", ["07", "09", "10", "21"], ["C", "D", "J", "N", "P", "S", "T"], (speaker, code, clip) =>
            $"OréauFR_02/m/sess{code.ToLowerInvariant()}/{speaker}{(clip == 0 ? 'a' : 'z')}05{code}a.wav"
        ),
        new(
            "RAVDESS",
            ["01", "02", "16", "21"],
            ["01", "02", "03", "04", "05", "06", "07", "08"],
            (speaker, code, clip) =>
                $"Audio_Speech_Actors_01-24/Actor_{speaker}/03-01-{code}-01-0{clip + 1}-01-{speaker}.wav"
        )
        {
            Extract = ["--protocol", "audeering"],

            TestSpeakers = ["ravdess_21"],
        },
        new("SAVEE", ["DC", "JE", "JK", "KL"], ["a", "d", "f", "h", "n", "sa", "su"], (speaker, code, clip) =>
            $"AudioData/{speaker}/{code}{clip + 1:00}.wav"
        )
        {
            Extract = ["--protocol", "emobox1"],

            TestSpeakers = ["savee_JE"],
        },
        new(
            "SUBESCO",
            ["F_01", "F_09", "M_02", "M_08"],
            ["ANGRY", "DISGUST", "FEAR", "HAPPY", "NEUTRAL", "SAD", "SURPRISE"],
            (speaker, code, clip) => $"{speaker}_NAME_S_{clip + 1}_{code}_1.wav"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["subesco_F_09"],
        },
        new("ShEMO", ["F01", "F08", "F24", "M12"], ["A", "F", "H", "N", "S", "W"], (speaker, code, clip) =>
            $"{(speaker[0] == 'F' ? "female" : "male")}/{speaker}{code}{clip + 1:00}.wav"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["shemo_F24", "shemo_M12"],
        },
        new(
            "TESS",
            ["OAF", "YAF"],
            ["angry", "disgust", "fear", "happy", "neutral", "ps", "sad"],
            (speaker, code, clip) => $"{speaker}_{"back bite dog yes".Split(' ')[clip]}_{code}.wav"
        )
        {
            Clips = 4,
            Train = ["--allow", "leak:shared_speakers"],
            IsSpeakerDisjoint = false,
        },
        new("URDU", ["SF1", "SM1", "SM2", "SM3"], ["A", "H", "N", "S"], (speaker, code, clip) =>
            $"{code}/{speaker}_F{clip + 1}_{code}{clip + 1:000}.wav"
        ),
        new(
            "VIVAE",
            ["S01", "S02", "S04", "S05"],
            ["achievement", "anger", "fear", "pain", "pleasure", "surprise"],
            (speaker, code, clip) => $"full_set/{speaker}_{code}_low_{clip + 1:00}.wav"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["vivae_S05"],
        },
        new(
            "eNTERFACE'05",
            ["1", "37", "41", "42"],
            ["anger", "disgust", "fear", "happiness", "sadness", "surprise"],
            (speaker, code, clip) =>
                $"enterface database/subject {speaker}/{code}/sentence {clip + 1}/s{speaker}_{code[..2]}_{clip + 1}.avi"
        )
        {
            Extract = ["--protocol", "nkululeko"],

            TestSpeakers = ["enterface_41", "enterface_42"],
        },
    ];

    // ESD has 350 sentences per emotion, one emotion after the other; clips of each of its subsets.
    private static int GetSentence(string emotion, int clip) =>
        (350 * Array.IndexOf(["Neutral", "Angry", "Happy", "Sad", "Surprise"], emotion)) + (30 * clip) + 1;

    private static string GetFolder(string emotion) =>
        emotion switch
        {
            "amused" => "Amused",
            "anger" => "Angry",
            "disgust" => "Disgusted",
            "neutral" => "Neutral",
            _ => "Sleepy",
        };
}
