using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// EmoV-DB: 4 speakers, 5 emotions, <c>bea_Amused/amused_1-15_0001.wav</c> (OpenSLR 115) or <c>bea/Amused/…</c>: the
/// speaker is in the folder only, the emotion in any capitalization.
/// </summary>
internal sealed partial class EmovDbReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "EmoV-DB",
                "A. Adigwe, N. Tits, K. El Haddad, S. Ostadabbas and T. Dutoit: The Emotional Voices Database: "
                    + "Towards Controlling the Emotion Dimension in Voice Generation Systems. arXiv:1806.09514, 2018.",
                "non-commercial"
            ),
            License = LicenseKind.NonCommercial,
            Speakers = 4,
            Labels = ["amused", "angry", "disgust", "neutral", "sleepy"],
            Languages = ["English"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test bea; validation sam (our choice)",
                    "emovdb",
                    validation: ["sam"],
                    test: ["bea"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "emovdb";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["amused"] = "amused",
            ["anger"] = "angry",
            ["disgust"] = "disgust",
            ["neutral"] = "neutral",
            ["sleepiness"] = "sleepy",
        };

    protected override string GetSpeaker(Match match) => match.Groups["speaker"].Value.ToLowerInvariant();

    protected override string? GetSex(Match match, string speaker) =>
        speaker is "bea" or "jenie" ? SpeakerSex.Female : SpeakerSex.Male;

    protected override string GetTake(string name) => name.ToLowerInvariant();

    [GeneratedRegex(
        @"/(?<speaker>bea|jenie|josh|sam)[_/](?:Amused|Angry|Disgusted|Neutral|Sleepy)/"
            + @"(?<emotion>amused|anger|disgust|neutral|sleepiness)_\d+[-_]\d+_\d{4}$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex PathPattern();
}
