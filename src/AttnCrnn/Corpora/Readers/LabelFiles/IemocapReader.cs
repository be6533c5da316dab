using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// IEMOCAP: ten speakers in five sessions of two, turns <c>Ses01F_impro02_M003.wav</c>. The speaker is the one of the
/// turn (<c>M003</c>); the letter of the dialogue (<c>Ses01F</c>) tells who of the session wore the markers.
/// </summary>
internal sealed partial class IemocapReader : LabelFileReader
{
    private const int Sessions = 5;

    private static readonly Dictionary<string, string?> Labels = new()
    {
        ["neu"] = "neutral",
        ["hap"] = "happy",
        ["ang"] = "angry",
        ["sad"] = "sad",
        ["fru"] = "frustrated",
        ["exc"] = "excited",
        ["sur"] = "surprised",
        ["fea"] = "fearful",
        ["dis"] = "disgust",
        ["oth"] = "other",
        ["xxx"] = null, // the raters do not agree
    };

    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "IEMOCAP",
                "C. Busso, M. Bulut, C.-C. Lee, A. Kazemzadeh, E. Mower, S. Kim, J. N. Chang, S. Lee and S. S. "
                    + "Narayanan: IEMOCAP: Interactive Emotional Dyadic Motion Capture Database. Language Resources "
                    + "and Evaluation 42(4), 335-359, 2008.",
                "research only, on request"
            ),
            License = LicenseKind.ResearchOnRequest,
            Speakers = 10,
            Labels =
            [
                "angry",
                "disgust",
                "excited",
                "fearful",
                "frustrated",
                "happy",
                "neutral",
                "other",
                "sad",
                "surprised",
            ],
            HasVotes = true,
            Presets = [LabelPreset.Iemocap4, LabelPreset.Iemocap6],
            Languages = ["English"],
            Protocols = [.. Enumerable.Range(1, Sessions).Select(CreateSession)],
        };

    // The two speakers of a session answer each other: they are in the same subset.
    private static CorpusProtocol CreateSession(int test)
    {
        var validation = (test % Sessions) + 1;
        return CorpusProtocol.CreateBySpeaker(
            $"session{test}",
            $"fold {test} of {Sessions}, leave one session out: test session {test}, validation session {validation} "
                + "as in EMO-SUPERB, training on the others",
            "iemocap",
            [$"Ses0{validation}F", $"Ses0{validation}M"],
            [$"Ses0{test}F", $"Ses0{test}M"]
        );
    }

    public override CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        List<string> notices = [];
        var recordings = FindRecordings(folder, notices);
        var turns = new Dictionary<string, Turn>();
        foreach (var file in folder.Files.Where(IsLabelFile))
            ReadTurns(file, turns);
        Clip[] clips =
        [
            .. recordings.Select(recording => CreateClip(recording, turns.GetValueOrDefault(recording.Id))),
        ];
        AddCounts(
            clips,
            [.. recordings.Where(recording => !turns.ContainsKey(recording.Id))],
            [.. turns.Keys.Except(recordings.Select(recording => recording.Id))],
            notices
        );
        return new(clips, notices);
    }

    protected override string? Identify(string path, CorpusFolder folder)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return TurnPattern().IsMatch(name) ? name : null;
    }

    protected override string DescribeLabelFile(string id) =>
        $"Session{id[4]}/dialog/EmoEvaluation/{id[..id.LastIndexOf('_')]}.txt";

    // Not the files of single raters in the folders EmoEvaluation/Categorical and others.
    protected override bool IsLabelFile(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) == "EmoEvaluation"
        && DialoguePattern().IsMatch(Path.GetFileName(path));

    private static Clip CreateClip((string Path, string Id) recording, Turn? turn)
    {
        var match = TurnPattern().Match(recording.Id);
        var sex = match.Groups["sex"].Value;
        return new(recording.Path, turn?.Label, $"iemocap_{match.Groups["session"].Value}{sex}")
        {
            Sex = sex == "F" ? SpeakerSex.Female : SpeakerSex.Male,
            Session = $"iemocap_{match.Groups["session"].Value}",
            Votes = turn is null ? null : RaterCategories.Count(turn.Raters),
        };
    }

    private static void ReadTurns(string path, Dictionary<string, Turn> turns)
    {
        Turn? turn = null;
        foreach (var line in LabelLines.Read(path))
            if (line.Text.StartsWith('['))
            {
                var (name, label) = ParseTurn(path, line);
                turn = new(label, []);
                if (!turns.TryAdd(name, turn) && turns[name].Label != label)
                    throw CreateLineError(
                        path,
                        line.Number,
                        $"{name} {label ?? "without agreement"}",
                        $"the label of the same turn in another file, {turns[name].Label ?? "no agreement"}"
                    );
            }
            else if (EvaluatorPattern().Match(line.Text) is { Success: true } rater)
                turn?.Raters.Add(
                    rater
                        .Groups["categories"]
                        .Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                );
    }

    private static (string Name, string? Label) ParseTurn(string path, LabelLine line)
    {
        var cells = line.Text.Split('\t');
        return cells.Length >= 3 && Labels.TryGetValue(cells[2].Trim(), out var label)
            ? (cells[1].Trim(), label)
            : throw CreateLineError(
                path,
                line.Number,
                line.Text,
                $"[start - end], turn and label parted by tabs, with one of the labels {string.Join(", ", Labels.Keys)}"
            );
    }

    [GeneratedRegex(
        @"^(?<session>Ses0[1-5])[FM]_(?:impro\d\d[ab]?|script\d\d_\d[ab]?)_(?<sex>[FM])\d{3}$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex TurnPattern();

    [GeneratedRegex(@"^Ses0[1-5][FM]_(?:impro\d\d[ab]?|script\d\d_\d[ab]?)\.txt$", RegexOptions.CultureInvariant)]
    private static partial Regex DialoguePattern();

    // C-E1 and so on are evaluators; C-F1 and C-M1 are the actors themselves, who do not count for the label.
    [GeneratedRegex(@"^C-E\d+:\s*(?<categories>[^(]*)", RegexOptions.CultureInvariant)]
    private static partial Regex EvaluatorPattern();

    /// <param name="Raters">The categories of each evaluator.</param>
    private sealed record Turn(string? Label, List<IReadOnlyList<string>> Raters);
}
