using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Oréau: 32 speakers, 7 emotions, <c>m/sessc/07a01Ca.wav</c>: speaker, text, emotion (French initial). The folder
/// is the sex; a quarter of its names could be names of EMO-DB.
/// </summary>
internal sealed partial class OreauReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "Oréau",
                "L. Kerkeni, C. Cleder, Y. Serrestou and K. Raoof: French Emotional Speech Database - Oréau. Zenodo, "
                    + "2020, doi:10.5281/zenodo.4405783.",
                "not established"
            ),
            License = LicenseKind.Unclear,
            Speakers = 32,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["French"],
        };

    protected override string SpeakerPrefix => "oreau";

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
        match.Groups["sex"].Value switch
        {
            "f" => SpeakerSex.Female,
            "m" => SpeakerSex.Male,
            _ => null,
        };

    [GeneratedRegex(
        @"/(?:(?<sex>[fm])/sess[cdjnpst]/)?(?<speaker>\d\d)[az]\d\d(?<emotion>[CDJNPST])a$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
