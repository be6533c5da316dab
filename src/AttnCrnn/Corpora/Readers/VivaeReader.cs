using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// VIVAE: 11 speakers, 6 affects as vocal bursts, <c>S01_achievement_low_01.wav</c>: speaker, affect, intensity,
/// number. The folder core_set has clips of the folder full_set.
/// </summary>
internal sealed partial class VivaeReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "VIVAE",
                "N. Holz, P. Larrouy-Maestri and D. Poeppel: The Variably Intense Vocalizations of Affect and Emotion "
                    + "(VIVAE) corpus prompts new perspective on nonspeech perception. Emotion 22(1), 213-225, 2022.",
                "not established"
            ),
            License = LicenseKind.Unclear,
            Speakers = 11,
            Labels = ["achievement", "angry", "fearful", "pain", "pleasure", "surprised"],
            Languages = ["none (vocal bursts)"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test S05 S06; validation S04 S07 (our choice)",
                    "vivae",
                    validation: ["S04", "S07"],
                    test: ["S05", "S06"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "vivae";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["achievement"] = "achievement",
            ["anger"] = "angry",
            ["fear"] = "fearful",
            ["pain"] = "pain",
            ["pleasure"] = "pleasure",
            ["surprise"] = "surprised",
        };

    protected override IEnumerable<string> DescribeClips(IReadOnlyList<NamedRecording> clips) =>
        [$"all {clips.Count} clips of {Name} are vocal bursts without words"];

    [GeneratedRegex(
        @"/(?<speaker>S\d\d)_(?<emotion>achievement|anger|fear|pain|pleasure|surprise)_"
            + @"(?:low|moderate|strong|peak)_\d{1,3}$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
