using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// JL-Corpus: 4 speakers, 5 primary and 5 secondary emotions, <c>male2_concerned_6b_1.wav</c>: speaker, emotion,
/// sentence, session.
/// </summary>
internal sealed partial class JlCorpusReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "JL-Corpus",
                "J. James, L. Tian and C. I. Watson: An Open Source Emotional Speech Corpus for Human Robot "
                    + "Interaction Applications. Interspeech 2018, 2768-2772.",
                "not established (ODC-By by third parties)"
            ),
            License = LicenseKind.Unclear,
            Speakers = 4,
            Labels =
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
            Languages = ["English"],
            Protocols =
            [
                .. CorpusProtocol.CreateFolds(
                    "emobox",
                    "one speaker per fold, as EmoBox",
                    "jl",
                    [
                        ["female1"],
                        ["female2"],
                        ["male1"],
                        ["male2"],
                    ]
                ),
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test male2; validation female2 (our choice)",
                    "jl",
                    validation: ["female2"],
                    test: ["male2"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "jl";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["angry"] = "angry",
            ["anxious"] = "anxious",
            ["apologetic"] = "apologetic",
            ["assertive"] = "assertive",
            ["concerned"] = "concerned",
            ["encouraging"] = "encouraging",
            ["excited"] = "excited",
            ["happy"] = "happy",
            ["neutral"] = "neutral",
            ["sad"] = "sad",
        };

    protected override string? GetSex(Match match, string speaker) =>
        speaker.StartsWith("female", StringComparison.Ordinal) ? SpeakerSex.Female : SpeakerSex.Male;

    [GeneratedRegex(
        @"/(?<speaker>(?:fe)?male[12])_(?<emotion>angry|anxious|apologetic|assertive|concerned|encouraging|"
            + @"excited|happy|neutral|sad)_\d+[ab]_[12]$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
