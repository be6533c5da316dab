using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>
/// EmoFilm: clips of films, <c>f_ans001aen.wav</c>: sex, emotion, number, take, language. Speakers are only in the
/// workbook <c>f_m_corpus_it_es_en_legend.xlsx</c>, in many spellings, which are equal after trimming and case folding.
/// </summary>
internal sealed partial class EmoFilmReader : LabelFileReader
{
    private static readonly Dictionary<string, string> Labels = new()
    {
        ["ans"] = "fearful", // ansia
        ["dis"] = "contempt", // disprezzo
        ["gio"] = "happy", // gioia
        ["rab"] = "angry", // rabbia
        ["tri"] = "sad", // tristezza
    };

    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "EmoFilm",
                "E. Parada-Cabaleiro, G. Costantini, A. Batliner, A. Baird and B. Schuller: Categorical vs Dimensional "
                    + "Perception of Italian Emotional Speech. Interspeech 2018, 3638-3642.",
                "research only, license agreement"
            ),
            License = LicenseKind.ResearchOnRequest,
            Speakers = null, // 216 spellings of names, some of them unknown
            Labels = ["angry", "contempt", "fearful", "happy", "sad"],
            Languages = ["English", "Italian", "Spanish"],
        };

    private const string Workbook = "f_m_corpus_it_es_en_legend.xlsx";

    public override CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        List<string> notices = [];
        var recordings = FindRecordings(folder, notices);
        var speakers = new Dictionary<string, string>();
        foreach (var file in folder.Files.Where(IsLabelFile))
            ReadSpeakers(file, speakers);
        Clip[] clips = [.. recordings.Select(recording => CreateClip(recording, speakers))];
        var unknown = clips.Where(clip => clip.Speaker is null).ToList();
        if (unknown.Count > 0)
            notices.Add(
                $"{unknown.Count} of {clips.Length} clips of {Name} (for example {unknown[0].Path}) have no speaker in "
                    + "its workbook (.xlsx)"
            );
        return new(clips, notices);
    }

    protected override string? Identify(string path, CorpusFolder folder)
    {
        var match = ClipPattern().Match(Path.GetFileNameWithoutExtension(path));
        return match.Success ? match.Groups["id"].Value : null;
    }

    protected override string DescribeLabelFile(string id) => Workbook;

    protected override bool IsLabelFile(string path) => Path.GetFileName(path) == Workbook;

    private static void ReadSpeakers(string path, Dictionary<string, string> speakers)
    {
        foreach (var row in XlsxWorkbook.ReadRows(path, "file", "speaker"))
            if (NormalizeSpeaker(row[1]) is { } speaker)
                speakers[row[0].Trim()] = speaker;
    }

    private static string? NormalizeSpeaker(string cell)
    {
        var name = string.Join(' ', cell.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)); // U+00A0 as well
        return name.Trim('?').Length == 0 ? null : name.ToLowerInvariant();
    }

    private static Clip CreateClip((string Path, string Id) recording, Dictionary<string, string> speakers)
    {
        var match = ClipPattern().Match(recording.Id);
        return new(
            recording.Path,
            Labels[match.Groups["emotion"].Value],
            speakers.TryGetValue(recording.Id, out var speaker) ? $"emofilm_{speaker}" : null
        )
        {
            Sex = match.Groups["sex"].Value == "f" ? SpeakerSex.Female : SpeakerSex.Male,
        };
    }

    [GeneratedRegex(
        @"^(?<id>(?<sex>[fm])_(?<emotion>ans|dis|gio|rab|tri)\d{3}[a-z](?:en|es|it))(?:_16k)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex ClipPattern();
}
