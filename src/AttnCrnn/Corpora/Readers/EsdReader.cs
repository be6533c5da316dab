using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// ESD: 10 speakers of Mandarin and 10 of English, 5 emotions, <c>0011/Angry/0011_000351.wav</c>; in the first
/// layout with <c>train</c>, <c>evaluation</c> or <c>test</c> before the name. The label is the folder of the
/// emotion.
/// </summary>
internal sealed partial class EsdReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "ESD",
                "K. Zhou, B. Sisman, R. Liu and H. Li: Emotional voice conversion: Theory, databases and ESD. Speech "
                    + "Communication 137, 1-18, 2022.",
                "research only, on a signed form"
            ),
            License = LicenseKind.ResearchOnRequest,
            Speakers = 20,
            Labels = ["angry", "happy", "neutral", "sad", "surprised"],
            Languages = ["English", "Mandarin"],
            OfficialSplit =
                "folders train, evaluation and test of the first layout, for voice conversion; all 20 speakers are in "
                + "all subsets",
            Protocols =
            [
                new(
                    "official",
                    "per speaker and emotion 20 sentences for validation, 30 for test, 300 for "
                        + "training: as the folders of "
                        + "the first layout, or by the numbers of the flat one; all speakers are in all subsets"
                )
                {
                    Assign = AssignOfficial,
                },
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test 0009 0010 0018 0020; validation 0007 0008 0014 0017 (our choice)",
                    "esd",
                    validation: ["0007", "0008", "0014", "0017"],
                    test: ["0009", "0010", "0018", "0020"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "esd";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["Angry"] = "angry",
            ["Happy"] = "happy",
            ["Neutral"] = "neutral",
            ["Sad"] = "sad",
            ["Surprise"] = "surprised",
        };

    private const int SentencesPerEmotion = 350;
    private const int ValidationSentences = 20;
    private const int TestSentences = 30;

    private static readonly HashSet<string> Women =
    [
        "0001",
        "0002",
        "0003",
        "0007",
        "0009",
        "0015",
        "0016",
        "0017",
        "0018",
        "0019",
    ];

    protected override string? GetSex(Match match, string speaker) =>
        Women.Contains(speaker) ? SpeakerSex.Female : SpeakerSex.Male;

    protected override Subset? GetSplit(Match match) =>
        match.Groups["part"].Value switch
        {
            "train" => Subset.Train,
            "evaluation" => Subset.Validation,
            "test" => Subset.Test,
            _ => null,
        };

    // The numbers of an emotion follow each other: 1 to 350 neutral, 351 to 700 angry. Of each 350, the first 20 are in
    // the folder evaluation and the next 30 in test.
    private static Subset? AssignOfficial(Clip clip)
    {
        if (clip.Split is not null || clip.Label is null)
            return clip.Split;
        var number = int.Parse(Path.GetFileNameWithoutExtension(clip.Path)[5..], CultureInfo.InvariantCulture);
        var sentence = (number - 1) % SentencesPerEmotion;
        return sentence < ValidationSentences ? Subset.Validation
            : sentence < ValidationSentences + TestSentences ? Subset.Test
            : Subset.Train;
    }

    [GeneratedRegex(
        @"/(?<emotion>Angry|Happy|Neutral|Sad|Surprise)/(?:(?<part>train|evaluation|test)/)?"
            + @"(?<speaker>00[01]\d|0020)_\d{6}$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
