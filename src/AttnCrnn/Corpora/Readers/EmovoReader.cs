using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// EMOVO: 6 speakers, 7 emotions, <c>dis-f1-b1.wav</c>: emotion, speaker, sentence.
/// </summary>
internal sealed partial class EmovoReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "EMOVO",
                "G. Costantini, I. Iaderola, A. Paoloni and M. Todisco: EMOVO Corpus: an Italian Emotional Speech "
                    + "Database. LREC 2014, 3501-3504.",
                "CC BY-NC-SA 4.0, restricted (by third parties)"
            ),
            License = LicenseKind.NonCommercial,
            Speakers = 6,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["Italian"],
            Protocols =
            [
                .. CorpusProtocol.CreateFolds(
                    "emobox",
                    "one speaker per fold, as EmoBox",
                    "emovo",
                    [
                        ["f1"],
                        ["f2"],
                        ["f3"],
                        ["m1"],
                        ["m2"],
                        ["m3"],
                    ]
                ),
            ],
        };

    protected override string SpeakerPrefix => "emovo";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["dis"] = "disgust",
            ["gio"] = "happy",
            ["neu"] = "neutral",
            ["pau"] = "fearful",
            ["rab"] = "angry",
            ["sor"] = "surprised",
            ["tri"] = "sad",
        };

    protected override string? GetSex(Match match, string speaker) =>
        speaker[0] == 'f' ? SpeakerSex.Female : SpeakerSex.Male;

    [GeneratedRegex(
        @"/(?<emotion>dis|gio|neu|pau|rab|sor|tri)-(?<speaker>[fm][1-3])-(?<statement>[bdln]\d)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
