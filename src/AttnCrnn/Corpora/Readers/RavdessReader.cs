using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// RAVDESS: 24 actors, 8 emotions, <c>03-01-05-01-01-01-12.wav</c>: modality, channel (01 speech, 02 song),
/// emotion, intensity, statement, repetition, actor. A take is there as sound (03), as video (01) and as video
/// without sound (02).
/// </summary>
internal sealed partial class RavdessReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "RAVDESS",
                "S. R. Livingstone and F. A. Russo: The Ryerson Audio-Visual Database of Emotional Speech and Song "
                    + "(RAVDESS). PLoS ONE 13(5), e0196391, 2018.",
                "CC BY-NC-SA 4.0"
            ),
            License = LicenseKind.NonCommercial,
            Speakers = 24,
            Labels = ["angry", "calm", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["English"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "audeering",
                    "validation 16 17 19 20, test 21 to 24, training 1 to 15 and 18",
                    "ravdess",
                    validation: ["16", "17", "19", "20"],
                    test: ["21", "22", "23", "24"]
                ),
                .. CorpusProtocol.CreateFolds(
                    "emobox",
                    "EmoBox",
                    "ravdess",
                    [
                        ["01", "11", "20", "21"],
                        ["04", "10", "12", "14"],
                        ["08", "09", "19", "23"],
                        ["03", "05", "07", "24"],
                        ["02", "15", "16", "18"],
                        ["06", "13", "17", "22"],
                    ]
                ),
            ],
        };

    protected override string SpeakerPrefix => "ravdess";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["01"] = "neutral",
            ["02"] = "calm",
            ["03"] = "happy",
            ["04"] = "sad",
            ["05"] = "angry",
            ["06"] = "fearful",
            ["07"] = "disgust",
            ["08"] = "surprised",
        };

    protected override bool HasGenericNames => true;

    private const string Sound = "03";
    private const int ModalityLength = 3; // with its hyphen

    protected override string? GetSex(Match match, string speaker) =>
        int.Parse(speaker, CultureInfo.InvariantCulture) % 2 == 1 ? SpeakerSex.Male : SpeakerSex.Female;

    protected override string? GetIntensity(Match match) =>
        match.Groups["intensity"].Value == "2" ? "strong" : "normal";

    protected override string? GetStatement(Match match) =>
        match.Groups["statement"].Value == "2" ? "Dogs are sitting by the door" : "Kids are talking by the door";

    // The sound of the video is that of the recording.
    protected override string GetTake(string name) => TakePattern().IsMatch($"/{name}") ? name[ModalityLength..] : name;

    protected override int GetRank(string name) => name.StartsWith(Sound, StringComparison.Ordinal) ? 0 : 1;

    protected override IEnumerable<string> DescribeClips(IReadOnlyList<NamedRecording> clips)
    {
        var sung = clips.Count(clip => SongPattern().IsMatch(Path.GetFileName(clip.Path)));
        if (sung > 0)
            yield return $"{sung} of {clips.Count} clips of {Name} are sung (channel 02); to leave them out, read the "
                + "folders of speech alone";
    }

    protected override string? GetExclusion(string path) =>
        VideoOnlyPattern().IsMatch(path) ? "video without sound (modality 02)" : null;

    // BanglaSER and BEASC use the seven fields with other codes of emotions, and more actors.
    protected override string? FindContradiction(IReadOnlyList<string> paths) =>
        paths.FirstOrDefault(OtherActorPattern().IsMatch) is { } actor
            ? $"{Path.GetFileName(actor)} is of an actor above 24, as in BanglaSER, whose codes of emotions differ"
        : paths.FirstOrDefault(StrongNeutralPattern().IsMatch) is { } strong
            ? $"{Path.GetFileName(strong)} would be strong neutral speech, which RAVDESS does not have"
        : null;

    [GeneratedRegex(@"/0[123]-0[12]-0\d-0[12]-0[12]-0[12]-\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex TakePattern();

    [GeneratedRegex(@"^0[13]-02-", RegexOptions.CultureInvariant)]
    private static partial Regex SongPattern();

    [GeneratedRegex(@"/02-0[12]-0[1-8]-0[12]-0[12]-0[12]-\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex VideoOnlyPattern();

    [GeneratedRegex(@"/0[123]-0[12]-0\d-0\d-0\d-0\d-(?:2[5-9]|[3-9]\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex OtherActorPattern();

    [GeneratedRegex(@"/0[123]-0[12]-01-02-0\d-0\d-\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex StrongNeutralPattern();

    [GeneratedRegex(
        @"/0[13]-0[12]-(?<emotion>0[1-8])-0(?<intensity>[12])-0(?<statement>[12])-0[12]-"
            + @"(?<speaker>0[1-9]|1\d|2[0-4])$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
