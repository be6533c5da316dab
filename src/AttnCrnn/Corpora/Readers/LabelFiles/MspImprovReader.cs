using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// MSP-IMPROV: twelve actors in six sessions, <c>MSP-IMPROV-S01A-F01-P-FM01.wav</c>: sentence and intended emotion,
/// speaker, part. The label is the one that raters perceived, unless the intended one is asked for.
/// </summary>
internal sealed partial class MspImprovReader : LabelFileReader
{
    private const int Sessions = 6;
    private const string Prefix = "UTD-IMPROV-";

    private static readonly Dictionary<string, string?> Labels = new()
    {
        ["A"] = "angry",
        ["H"] = "happy",
        ["S"] = "sad",
        ["N"] = "neutral",
        ["O"] = "other",
        ["X"] = null, // the raters do not agree
    };

    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "MSP-IMPROV",
                "C. Busso, S. Parthasarathy, A. Burmania, M. AbdelWahab, N. Sadoughi and E. Mower Provost: MSP-IMPROV: "
                    + "An Acted Corpus of Dyadic Interactions to Study Emotion Perception. IEEE Transactions on "
                    + "Affective Computing 8(1), 67-80, 2017.",
                "research only, license agreement"
            ),
            License = LicenseKind.ResearchOnRequest,
            Speakers = 12,
            Labels = ["angry", "happy", "neutral", "other", "sad"],
            DefaultLabelKind = LabelKind.Perceived,
            HasVotes = true,
            Languages = ["English"],
            Protocols = [.. Enumerable.Range(1, Sessions).Select(CreateSession)],
        };

    // The two speakers of a session answer each other: they are in the same subset.
    private static CorpusProtocol CreateSession(int test)
    {
        var validation = test == 1 ? Sessions : test - 1;
        return CorpusProtocol.CreateBySpeaker(
            $"session{test}",
            $"fold {test} of {Sessions}, leave one session out: test session {test}, validation session {validation} "
                + "as in EMO-SUPERB, training on the others",
            "mspimprov",
            [$"F0{validation}", $"M0{validation}"],
            [$"F0{test}", $"M0{test}"]
        );
    }

    public override CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        List<string> notices = [];
        var recordings = FindRecordings(folder, notices);
        var evaluations = new Dictionary<string, RatedClip>();
        foreach (var file in folder.Files.Where(IsLabelFile))
            RatedClips.Read(file, Prefix, Labels, evaluations);
        Clip[] clips =
        [
            .. recordings.Select(recording =>
                CreateClip(recording, evaluations.GetValueOrDefault(recording.Id), options.LabelKind)
            ),
        ];
        if (options.LabelKind == LabelKind.Intended)
            notices.Add($"the labels of {clips.Length} clips of {Name} are the emotions that the actors intended");
        AddCounts(
            clips,
            options.LabelKind == LabelKind.Intended
                ? []
                : [.. recordings.Where(recording => !evaluations.ContainsKey(recording.Id))],
            [.. evaluations.Keys.Except(recordings.Select(recording => recording.Id))],
            notices
        );
        return new(clips, notices);
    }

    protected override string? Identify(string path, CorpusFolder folder)
    {
        var match = ClipPattern().Match(Path.GetFileNameWithoutExtension(path));
        return match.Success ? match.Groups["id"].Value : null;
    }

    protected override string DescribeLabelFile(string id) => "Evaluation.txt";

    // Spelled without the second a in some copies.
    protected override bool IsLabelFile(string path) => Path.GetFileName(path) is "Evaluation.txt" or "Evalution.txt";

    private static Clip CreateClip((string Path, string Id) recording, RatedClip? rated, LabelKind kind)
    {
        var match = ClipPattern().Match($"MSP-IMPROV-{recording.Id}");
        var speaker = match.Groups["speaker"].Value;
        return new(
            recording.Path,
            kind == LabelKind.Intended ? Labels[match.Groups["intended"].Value] : rated?.Label,
            $"mspimprov_{speaker}"
        )
        {
            Sex = speaker[0] == 'F' ? SpeakerSex.Female : SpeakerSex.Male,
            Session = $"mspimprov_{speaker[1..]}",
            Votes = rated is null ? null : RaterCategories.Count(rated.Raters),
        };
    }

    [GeneratedRegex(
        @"^MSP-IMPROV-(?<id>S\d\d(?<intended>[AHNS])-(?<speaker>[FM]0[1-6])-[PRST]-[FM]{2}\d\d)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex ClipPattern();
}
