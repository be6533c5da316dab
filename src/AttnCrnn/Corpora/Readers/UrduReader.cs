using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// URDU: 29 speakers, 4 emotions, <c>SM1_F1_A001.wav</c>: sex and number of the speaker, file, emotion and number.
/// </summary>
internal sealed partial class UrduReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "URDU",
                "S. Latif, A. Qayyum, M. Usman and J. Qadir: Cross Lingual Speech Emotion "
                    + "Recognition: Urdu vs. Western "
                    + "Languages. Frontiers of Information Technology 2018, 88-93.",
                "research"
            ),
            License = LicenseKind.Research,
            Speakers = 29,
            Labels = ["angry", "happy", "neutral", "sad"],
            Languages = ["Urdu"],
        };

    protected override string SpeakerPrefix => "urdu";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["A"] = "angry",
            ["H"] = "happy",
            ["N"] = "neutral",
            ["S"] = "sad",
        };

    protected override bool HasGenericNames => true;

    protected override string? GetSex(Match match, string speaker) =>
        speaker[1] == 'F' ? SpeakerSex.Female : SpeakerSex.Male;

    [GeneratedRegex(@"/(?<speaker>S[FM]\d+)_F\d+_(?<emotion>[AHNS])\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
