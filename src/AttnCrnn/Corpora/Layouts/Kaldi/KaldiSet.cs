using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts.Kaldi;

/// <summary>
/// A set: recordings in wav.scp, segments of them in segments, speakers in utt2spk, their sexes in spk2gender, and
/// emotions in utt2emo, utt2emotion, or as <c>&lt;emo&gt;</c> at the beginning of text.
/// </summary>
internal sealed partial class KaldiSet
{
    // The same for all data folders, as for Hugging Face folders.
    private const string SpeakerPrefix = "data";

    private readonly string folder;
    private readonly List<string> notices = [];

    private KaldiSet(string folder) => this.folder = folder;

    /// <summary>Name of the set.</summary>
    public string Name => Path.GetFileName(folder);

    public IReadOnlyList<LayoutRow> Rows { get; private set; } = [];

    public IReadOnlyList<string> Notices => notices;

    /// <summary>Reads a set.</summary>
    /// <exception cref="InvalidFileException">
    /// A recording is a command, which is never run, or a table is invalid.
    /// </exception>
    public static KaldiSet Read(string folder)
    {
        var set = new KaldiSet(folder);
        var utterances = set.ReadUtterances();
        var labels = set.ReadLabels();
        var speakers = set.ReadSpeakers(utterances);
        var sexes = KaldiTable.ReadValues(set.PathOf("spk2gender"));
        set.Rows =
        [
            .. utterances.Select(utterance =>
            {
                var name = speakers.GetValueOrDefault(utterance.Key, "");
                var speaker = MissingValue.MatchesName(name) ? null : name;
                return utterance.Row with
                {
                    Label = labels.GetValueOrDefault(utterance.Key),
                    Speaker = speaker is null ? null : $"{SpeakerPrefix}_{speaker}",
                    Sex = speaker is null ? null : sexes.GetValueOrDefault(speaker),
                    Split = SubsetNames.Find(set.Name),
                };
            }),
        ];
        return set;
    }

    private string PathOf(string table) => Path.Combine(folder, table);

    private IReadOnlyList<(string Key, LayoutRow Row)> ReadUtterances()
    {
        var table = PathOf("wav.scp");
        var decoded = 0;
        var recordings = new Dictionary<string, LayoutRow>(StringComparer.Ordinal);
        foreach (var entry in KaldiTable.Read(table))
        {
            var path = entry.Value;
            if (entry.Value.EndsWith('|'))
            {
                path = FindDecodedFile(table, entry);
                decoded++;
            }
            recordings.Add(entry.Key, new(table, entry.Line, path));
        }
        if (decoded > 0)
            notices.Add(
                $"{table}: {decoded} of {recordings.Count} recordings are the command that decodes a FLAC file; the "
                    + "file is read, and no command is run"
            );
        var segments = PathOf("segments");
        return File.Exists(segments)
            ? [.. KaldiTable.Read(segments).Select(entry => (entry.Key, CreateSegment(segments, entry, recordings)))]
            : [.. recordings.Select(pair => (pair.Key, pair.Value))];
    }

    // The output of flac -c -d is what its file has. All other commands may change the sound.
    private static string FindDecodedFile(string table, KaldiEntry entry)
    {
        var match = DecodePattern().Match(entry.Value);
        if (match.Success)
            return match.Groups["file"].Value;
        throw new InvalidFileException(
            table,
            null,
            $"the command {InputFile.Quote(entry.Value)} in line {entry.Line}",
            "the path of a recording; commands are not run",
            "run the command, write its output to a .wav file, and put the path of that file in the line"
        );
    }

    private static LayoutRow CreateSegment(string table, KaldiEntry entry, Dictionary<string, LayoutRow> recordings)
    {
        var parts = entry.Value.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (
            parts.Length >= 3
            && recordings.TryGetValue(parts[0], out var recording)
            && TryParse(parts[1], out var start)
            && TryParse(parts[2], out var end)
            && start >= 0
            && (end < 0 || end > start)
        )
            return recording with
            {
                StartSeconds = start,

                EndSeconds = end < 0 ? null : end,
            };
        throw new InvalidFileException(
            table,
            null,
            $"{InputFile.Quote(entry.Value)} in line {entry.Line}",
            "a recording of wav.scp, start and end in seconds",
            "correct the line"
        );
    }

    private static bool TryParse(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out seconds)
        && double.IsFinite(seconds)
        && seconds < 1e6;

    private IReadOnlyDictionary<string, string> ReadSpeakers(IReadOnlyList<(string Key, LayoutRow Row)> utterances)
    {
        var speakers = KaldiTable.ReadValues(PathOf("utt2spk"));
        var named = utterances.Where(utterance => speakers.ContainsKey(utterance.Key)).ToList();
        if (named.Count == 0 || named.Any(utterance => speakers[utterance.Key] != utterance.Key))
            return speakers;
        if (named.Count == 1 && utterances.Count == 1 && KaldiTable.ReadValues(PathOf("spk2gender")).Count > 0)
            return speakers;
        notices.Add($"{PathOf("utt2spk")}: the speakers are the {named.Count} utterances; speakers are unknown");
        return new Dictionary<string, string>();
    }

    private IReadOnlyDictionary<string, string> ReadLabels()
    {
        foreach (var name in (string[])["utt2emo", "utt2emotion"])
            if (File.Exists(PathOf(name)))
                return KaldiTable.ReadValues(PathOf(name));
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var entry in KaldiTable.Read(PathOf("text")))
        {
            var word = TagPattern().Match(entry.Value).Groups["tag"].Value;
            if (word.Length > 0 && (EmotionWords.IsKnown(word) || EmotionWords.GetLabel(word) is null))
                labels.Add(entry.Key, word);
            else if (word.Length > 0)
                unknown.Add(word);
        }
        if (unknown.Count > 0)
            notices.Add(
                $"{PathOf("text")}: {unknown.Count} lines begin with a word that is no known emotion (for example "
                    + $"<{InputFile.Sanitize(unknown[0])}>) and give no label; a table utt2emo gives any"
            );
        return labels;
    }

    [GeneratedRegex(
        @"^(?=.* (?:-[cs]*d|-{2}decode))(?=.* (?:-[ds]*c|-{2}stdout))(?:\S*/)?"
            + @"flac(?: +(?:-[cds]+|-{2}(?:decode|stdout|silent)))+ +"
            + @"(?<file>[^-\s|;&<>$`'""()*?\\][^\s|;&<>$`'""()*?\\]*) *\|$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex DecodePattern();

    [GeneratedRegex(@"^<(?<tag>[^<>\s]+)>(?:\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();
}
