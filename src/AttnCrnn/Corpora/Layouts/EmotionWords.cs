using System.Collections.Frozen;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>Words and codes for emotions in the tables of other tools, and in the names of folders.</summary>
internal static class EmotionWords
{
    // Codes of IEMOCAP's recipes and of other tools; LabelVocabulary has the words.
    private static readonly FrozenDictionary<string, string> Codes = new Dictionary<string, string>
    {
        ["neu"] = "neutral",
        ["cal"] = "calm",
        ["hap"] = "happy",
        ["ang"] = "angry",
        ["fea"] = "fearful",
        ["dis"] = "disgust",
        ["sur"] = "surprised",
        ["ps"] = "surprised",
        ["bor"] = "boredom",
        ["exc"] = "excited",
        ["fru"] = "frustrated",
        ["con"] = "contempt",
        ["oth"] = "other",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    // Further names of folders that are labels, which are kept as they are.
    private const string FolderNames =
        "low normal medium high positive negative stress stressed unstressed aggressive tired relaxed relaxation "
        + "apologetic assertive concerned encouraging confident love hate hot_anger cold_anger panic despair elation "
        + "interest shame pride depression depressed nervous confused confusion laughter laugh cry crying whisper "
        + "yelling wut ärger aerger freude traurig trauer angst ekel überraschung ueberraschung langeweile "
        + "colère colere joie tristesse peur dégoût degout neutre surprendre "
        + "rabbia gioia tristezza paura disgusto neutrale neutralità sorpresa "
        + "enojo ira alegría alegria felicidad tristeza miedo asco sorpresa neutro raiva medo nojo surpresa";

    private static readonly string[] NoLabels = ["xxx", "no_agreement"];

    private static readonly FrozenSet<string> Folders = FolderNames
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The label that a word or code of another tool means: in this program's words if it is known, else as it is; null
    /// if it says that there is none, as <c>xxx</c> and <c>no_agreement</c> do.
    /// </summary>
    public static string? GetLabel(string text)
    {
        var word = text.Trim();
        return IsMissingLabel(word) ? null : FindTerm(word) ?? word;
    }

    /// <summary>Whether a word is known as a label.</summary>
    public static bool IsKnown(string text) => FindTerm(text) is not null;

    /// <summary>Whether the name of a folder is that of a label: a known word, also behind a number.</summary>
    public static bool IsFolderOfLabel(string name)
    {
        var key = GetKey(name.Trim()).TrimStart("0123456789_.".ToCharArray());
        return FindTerm(key) is not null || Folders.Contains(key);
    }

    private static bool IsMissingLabel(string word) =>
        MissingValue.MatchesName(word) || NoLabels.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static string? FindTerm(string word) => LabelVocabulary.Find(word) ?? Codes.GetValueOrDefault(word.Trim());

    private static string GetKey(string word) => word.Replace(' ', '_').Replace('-', '_');
}
