using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// ShEMO: 87 speakers, 6 emotions, <c>F14A09.wav</c>: sex and number of the speaker, emotion, number.
/// </summary>
internal sealed partial class ShemoReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "ShEMO",
                "O. Mohamad Nezami, P. Jamshid Lou and M. Karami: ShEMO: a large-scale validated database for Persian "
                    + "speech emotion detection. Language Resources and Evaluation 53(1), 1-16, 2019.",
                "academic use"
            ),
            License = LicenseKind.Research,
            Speakers = 87,
            Labels = ["angry", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["Persian"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test F07 F24 M12 M25; validation F08 F25 M13 M26 (our choice)",
                    "shemo",
                    validation: ["F08", "F25", "M13", "M26"],
                    test: ["F07", "F24", "M12", "M25"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "shemo";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["A"] = "angry",
            ["F"] = "fearful",
            ["H"] = "happy",
            ["N"] = "neutral",
            ["S"] = "sad",
            ["W"] = "surprised",
        };

    protected override bool HasGenericNames => true;

    protected override string? GetSex(Match match, string speaker) =>
        speaker[0] == 'F' ? SpeakerSex.Female : SpeakerSex.Male;

    [GeneratedRegex(@"/(?<speaker>[FM]\d\d)(?<emotion>[AFHNSW])\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
