using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// TESS: 2 women, 7 emotions, <c>OAF_back_angry.wav</c>: speaker, word, emotion. The University's copy is one folder;
/// Kaggle's has all clips twice. One of its names begins with <c>OA_</c> and is of the speaker OAF.
/// </summary>
internal sealed partial class TessReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "TESS",
                "M. K. Pichora-Fuller and K. Dupuis: Toronto Emotional Speech Set (TESS). Borealis, 2020, "
                    + "doi:10.5683/SP2/E8H2MF.",
                "CC BY-NC-ND 4.0"
            ),
            License = LicenseKind.NonCommercial,
            Speakers = 2,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["English"],
        };

    protected override string SpeakerPrefix => "tess";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["angry"] = "angry",
            ["disgust"] = "disgust",
            ["fear"] = "fearful",
            ["happy"] = "happy",
            ["neutral"] = "neutral",
            ["ps"] = "surprised",
            ["sad"] = "sad",
        };

    // Both speakers are women: one of 26 years, one of 64.
    protected override string? GetSex(Match match, string speaker) => SpeakerSex.Female;

    // OA_bite_neutral.wav, in every copy on Kaggle.
    protected override string GetSpeaker(Match match) =>
        match.Groups["speaker"].Value is var speaker && speaker == "OA" ? "OAF" : speaker;

    protected override string GetTake(string name) =>
        name.StartsWith("OA_", StringComparison.Ordinal) ? $"OAF_{name[3..]}" : name;

    [GeneratedRegex(
        @"/(?<speaker>OAF?|YAF)_[a-z]+_(?<emotion>angry|disgust|fear|happy|neutral|ps|sad)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
