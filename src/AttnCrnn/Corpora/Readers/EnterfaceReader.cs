using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// eNTERFACE'05: 44 subjects, 6 emotions, <c>subject 1/anger/sentence 1/s1_an_1.avi</c>. Speaker and label are in the
/// folders: some file names have those of another subject or sentence.
/// </summary>
internal sealed partial class EnterfaceReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "eNTERFACE'05",
                "O. Martin, I. Kotsia, B. Macq and I. Pitas: The eNTERFACE'05 Audio-Visual Emotion Database. "
                    + "International Conference on Data Engineering Workshops 2006, 8.",
                "research"
            ),
            License = LicenseKind.Research,
            Speakers = 44,
            Labels = ["angry", "disgust", "fearful", "happy", "sad", "surprised"],
            Languages = ["English"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "nkululeko",
                    "test 41 42 43 44 (subjects above 40); validation 37 38 39 40 (our choice)",
                    "enterface",
                    validation: ["37", "38", "39", "40"],
                    test: ["41", "42", "43", "44"]
                ),
            ],
        };

    protected override string SpeakerPrefix => "enterface";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["anger"] = "angry",
            ["disgust"] = "disgust",
            ["fear"] = "fearful",
            ["happiness"] = "happy",
            ["sadness"] = "sad",
            ["surprise"] = "surprised",
        };

    protected override IEnumerable<string> DescribeClips(IReadOnlyList<NamedRecording> clips)
    {
        var others = clips
            .Where(clip =>
                SubjectPattern().Match(Path.GetFileName(clip.Path)) is { Success: true } name
                && clip.Metadata!.Speaker != $"{SpeakerPrefix}_{name.Groups["subject"].Value}"
            )
            .ToList();
        if (others.Count > 0)
            yield return $"{others.Count} of {clips.Count} file names (for example {others[0].Path}) have the number "
                + "of another subject than their folders: the subject of the folder is the speaker";
    }

    [GeneratedRegex(@"^s(?<subject>\d+)_", RegexOptions.CultureInvariant)]
    private static partial Regex SubjectPattern();

    [GeneratedRegex(
        @"/subject (?<speaker>\d+)/(?<emotion>anger|disgust|fear|happiness|sadness|surprise)/(?:sentence \d/)?[^/]+$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex PathPattern();
}
