using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// EMO-DB: 10 speakers, 7 emotions, <c>03a01Fa.wav</c>: speaker, text, emotion (German initial), version. Edition
/// 2.0 has electroglottograms of the same names in the folder laryngo, which are no speech.
/// </summary>
internal sealed partial class EmoDbReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "EMO-DB",
                "F. Burkhardt, A. Paeschke, M. Rolfes, W. F. Sendlmeier and B. Weiss: A Database of German Emotional "
                    + "Speech. Interspeech 2005, 1517-1520.",
                "CC0 1.0 (audeering's edition 1.x)"
            ),
            License = LicenseKind.Free,
            Speakers = 10,
            Labels = ["angry", "boredom", "disgust", "fearful", "happy", "neutral", "sad"],
            Languages = ["German"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "audeering",
                    "as nkululeko: test 12 14 15 16, training the others; validation 03 08 (our choice)",
                    "emodb",
                    validation: ["03", "08"],
                    test: ["12", "14", "15", "16"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "emodb";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["W"] = "angry",
            ["L"] = "boredom",
            ["E"] = "disgust",
            ["A"] = "fearful",
            ["F"] = "happy",
            ["T"] = "sad",
            ["N"] = "neutral",
        };

    protected override bool HasGenericNames => true;

    protected override string? GetSex(Match match, string speaker) =>
        speaker is "08" or "09" or "13" or "14" or "16" ? SpeakerSex.Female : SpeakerSex.Male;

    protected override string? GetExclusion(string path) =>
        path.Contains("/laryngo/", StringComparison.Ordinal) ? "electroglottograms" : null;

    [GeneratedRegex(
        @"/(?<speaker>03|08|09|1[0-6])(?<statement>a0[12457]|b0[1239]|b10)(?<emotion>[WLEAFTN])[a-z]?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
