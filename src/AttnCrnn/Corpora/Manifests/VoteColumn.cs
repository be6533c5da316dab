using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Layouts;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>A column of a manifest with the votes for one class: <c>angry</c>, <c>angry_votes</c>.</summary>
/// <param name="Name">As the file spells it.</param>
/// <param name="Label">The class.</param>
internal sealed partial record VoteColumn(string Name, string Label)
{
    // Words of the vocabulary that name columns of other numbers as well.
    private static readonly string[] AmbiguousWords = ["low", "normal", "high"];

    // Columns of numbers that other programs write, which are no classes whatever their values are.
    private static readonly HashSet<string> OtherNumbers = new(
        (
            "a act activation age agreement aro arousal channel channels confidence count d date day db "
            + "dialog dialogue dom dominance duration emoact emodom emoval end episode f0 fold frame frames "
            + "group hz id ids idx index intensity len length level lufs month n naturalness no nr num "
            + "number offset order part pitch position quality rank rate rater raters rating repetition row "
            + "samplerate samples scene score season sec seconds sentence session size snr start statement "
            + "sum take text time total trial turn utt utterance v val valence version weight year"
        ).Split(' '),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The column in lower case, by which rows are read.</summary>
    public string Key => Name.ToLowerInvariant();

    /// <summary>The class that the name of a column says; null: none.</summary>
    public static VoteColumn? Parse(string name)
    {
        var match = NamePattern().Match(NameText.Clean(name));
        var label = match.Groups["label"].Value;
        var isVotes = match.Groups["votes"].Success && !OtherNumbers.Contains(label);
        return IsEmotion(label) || isVotes ? new(name, label) : null;
    }

    /// <summary>Whether two labels mean the same, as anger and angry do.</summary>
    public static bool AreEqual(string first, string second) => GetMeaning(first) == GetMeaning(second);

    /// <summary>Whether a name is one of other numbers than votes, such as <c>age</c> and <c>clip_id</c>.</summary>
    public static bool IsOtherNumber(string name) =>
        NameText.Clean(name).Split(['_', '-', '.', ' ']).Any(OtherNumbers.Contains)
        || name.EndsWith("id", StringComparison.OrdinalIgnoreCase);

    private static bool IsEmotion(string label) =>
        EmotionWords.IsKnown(label) && !AmbiguousWords.Contains(LabelVocabulary.Find(label));

    private static string GetMeaning(string label) => NameText.GetKey(EmotionWords.GetLabel(label) ?? label);

    [GeneratedRegex(
        @"^(?:(?:(?<votes>votes?)|counts?|n|num|raters?|p|prob|probability|score|emotion|emo|label|class)[-_. ]+)?"
            + @"(?<label>.+?)"
            + @"(?:[-_. ]+(?:(?<votes>votes?)|counts?|n|raters?|p|prob|probability|score|share|percent))?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex NamePattern();
}
