using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// SUBESCO: 20 speakers, 7 emotions, <c>F_02_NAME_S_10_ANGRY_1.wav</c>: sex, number and name of the speaker, sentence,
/// emotion, take. The take of one file is written <c>3]</c>.
/// </summary>
internal sealed partial class SubescoReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "SUBESCO",
                "S. Sultana, M. S. Rahman, M. R. Selim and M. Z. Iqbal: SUST Bangla Emotional Speech Corpus (SUBESCO): "
                    + "An audio-only emotional speech corpus for Bangla. PLoS ONE 16(4), e0250173, 2021.",
                "CC BY 4.0"
            ),
            License = LicenseKind.Free,
            Speakers = 20,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["Bangla"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test 09 and 10 of both sexes; validation F_08 M_08 (our choice)",
                    "subesco",
                    validation: ["F_08", "M_08"],
                    test: ["F_09", "F_10", "M_09", "M_10"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "subesco";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["ANGRY"] = "angry",
            ["DISGUST"] = "disgust",
            ["FEAR"] = "fearful",
            ["HAPPY"] = "happy",
            ["NEUTRAL"] = "neutral",
            ["SAD"] = "sad",
            ["SURPRISE"] = "surprised",
        };

    protected override string? GetSex(Match match, string speaker) =>
        speaker[0] == 'F' ? SpeakerSex.Female : SpeakerSex.Male;

    [GeneratedRegex(
        @"/(?<speaker>[FM]_\d\d)_[A-Z]+_S_\d+_(?<emotion>ANGRY|DISGUST|FEAR|HAPPY|NEUTRAL|SAD|SURPRISE)_\d+\]?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
