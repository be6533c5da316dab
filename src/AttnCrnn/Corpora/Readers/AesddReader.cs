using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// AESDD: 6 speakers, 5 emotions, <c>a01 (1).wav</c>: emotion, utterance, speaker, which is <c>(01)</c> in some names;
/// <c>a</c> or <c>b</c> at the end is another take. Sexes are not coded.
/// </summary>
internal sealed partial class AesddReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "AESDD",
                "N. Vryzas, R. Kotsakis, A. Liatsou, C. A. Dimoulas and G. Kalliris: Speech Emotion Recognition for "
                    + "Performance Interaction. Journal of the Audio Engineering Society 66(6), 457-467, 2018.",
                "not established (CC BY 4.0 by third parties)"
            ),
            License = LicenseKind.Unclear,
            Speakers = 6,
            Labels = ["angry", "disgust", "fearful", "happy", "sad"],
            Languages = ["Greek"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test 5; validation 4 (our choice)",
                    "aesdd",
                    validation: ["4"],
                    test: ["5"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "aesdd";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["a"] = "angry",
            ["d"] = "disgust",
            ["f"] = "fearful",
            ["h"] = "happy",
            ["s"] = "sad",
        };

    protected override bool HasGenericNames => true;

    [GeneratedRegex(@"/(?<emotion>[adfhs])\d\d \(0?(?<speaker>[1-9])\)[ab]?$", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
