using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// CaFE: 12 actors, 7 emotions, <c>01-C-1-1.wav</c>: actor, emotion (French initial), intensity, sentence. The
/// accents of the folders' names are damaged by some unzip programs, so that only the file name counts.
/// </summary>
internal sealed partial class CafeReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "CaFE",
                "P. Gournay, O. Lahaie and R. Lefebvre: A Canadian French Emotional Speech Dataset. ACM Multimedia "
                    + "Systems Conference 2018, 399-402.",
                "CC BY-NC-SA 4.0"
            ),
            License = LicenseKind.NonCommercial,
            Speakers = 12,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["French"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test 11 12; validation 09 10 (our choice)",
                    "cafe",
                    validation: ["09", "10"],
                    test: ["11", "12"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "cafe";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["C"] = "angry",
            ["D"] = "disgust",
            ["J"] = "happy",
            ["N"] = "neutral",
            ["P"] = "fearful",
            ["S"] = "surprised",
            ["T"] = "sad",
        };

    protected override bool HasGenericNames => true;

    protected override string? GetSex(Match match, string speaker) =>
        int.Parse(speaker, CultureInfo.InvariantCulture) % 2 == 1 ? SpeakerSex.Male : SpeakerSex.Female;

    protected override string? GetIntensity(Match match) => match.Groups["intensity"].Value == "2" ? "strong" : "mild";

    [GeneratedRegex(
        @"/(?<speaker>0[1-9]|1[0-2])-(?<emotion>[CDJNPST])-(?<intensity>[12])-(?<statement>[1-6])$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
