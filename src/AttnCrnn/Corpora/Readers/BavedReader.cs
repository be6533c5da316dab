using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// BAVED: 60 speakers, <c>0/0-m-21-0-1-105.wav</c>: speaker, sex, age, word, level, number. The labels are levels of
/// intensity (low, normal, high), not emotions. Everything is in the name: one file is in the folder of another word.
/// </summary>
internal sealed partial class BavedReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "BAVED",
                "A. Aouf: Basic Arabic Vocal Emotions Dataset (BAVED), 2019, "
                    + "https://github.com/40uf411/Basic-Arabic-Vocal-Emotions-Dataset.",
                "not established (CC BY 4.0 by third parties)"
            ),
            License = LicenseKind.Unclear,
            Speakers = 60,
            Labels = ["high", "low", "normal"],
            Languages = ["Arabic"],
        };

    protected override string SpeakerPrefix => "baved";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["0"] = "low",
            ["1"] = "normal",
            ["2"] = "high",
        };

    protected override bool HasGenericNames => true;

    protected override string? GetSex(Match match, string speaker) =>
        match.Groups["sex"].Value is "f" or "F" ? SpeakerSex.Female : SpeakerSex.Male;

    protected override IEnumerable<string> DescribeClips(IReadOnlyList<NamedRecording> clips) =>
        [$"the labels of all {clips.Count} clips of {Name} are levels of intensity, not emotions"];

    [GeneratedRegex(@"/(?<speaker>\d+)-(?<sex>[mfMF])-\d+-[0-6]-(?<emotion>[0-2])-\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
