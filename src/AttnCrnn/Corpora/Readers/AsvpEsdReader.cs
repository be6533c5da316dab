using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// ASVP-ESD: 131 actors, 13 labels, speech (channel 01) and other vocal sounds (02),
/// <c>03-01-09-01-06-36-02-02-01-39.wav</c>: modality, channel, emotion, intensity, statement, actor, age, source,
/// language and more. Odd actors are women.
/// </summary>
internal sealed partial class AsvpEsdReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "ASVP-ESD",
                "D. Landry, Q. He, H. Yan and Y. Li: ASVP-ESD: A dataset and its benchmark for "
                    + "emotion recognition using "
                    + "both speech and non-speech utterances. Global Scientific Journals 8(6), 1793-1798, 2020.",
                "not established (CC BY 4.0 by third parties)"
            ),
            License = LicenseKind.Unclear,
            Speakers = 131,
            Labels =
            [
                "angry",
                "boredom",
                "breath",
                "disappointed",
                "disgust",
                "excited",
                "fearful",
                "happy",
                "neutral",
                "pain",
                "pleasure",
                "sad",
                "surprised",
            ],
            Languages = ["several"],
        };

    protected override string SpeakerPrefix => "asvpesd";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["01"] = "boredom",
            ["02"] = "neutral",
            ["03"] = "happy",
            ["04"] = "sad",
            ["05"] = "angry",
            ["06"] = "fearful",
            ["07"] = "disgust",
            ["08"] = "surprised",
            ["09"] = "excited",
            ["10"] = "pleasure",
            ["11"] = "pain",
            ["12"] = "disappointed",
            ["13"] = "breath",
        };

    protected override IEnumerable<string> DescribeClips(IReadOnlyList<NamedRecording> clips)
    {
        var other = clips.Count(clip => Path.GetFileName(clip.Path).StartsWith("03-02-", StringComparison.Ordinal));
        if (other > 0)
            yield return $"{other} of {clips.Count} clips of {Name} are vocal sounds without speech (channel 02)";
    }

    protected override string? GetSex(Match match, string speaker) =>
        int.Parse(speaker[^1..], CultureInfo.InvariantCulture) % 2 == 1 ? SpeakerSex.Female : SpeakerSex.Male;

    [GeneratedRegex(
        @"/03-0[12]-(?<emotion>0[1-9]|1[0-3])-0[12]\d?-\d+-(?<speaker>\d+)-\d+-.+$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
