using System.Collections.Frozen;

namespace AttnCrnn.Corpora;

/// <summary>
/// The words for emotions that the readers of corpora use, with their synonyms in the tables of other programs:
/// docs/corpora.md.
/// </summary>
public static class LabelVocabulary
{
    private static readonly (string Word, string[] Synonyms)[] Terms =
    [
        ("achievement", []),
        ("amused", ["amusement"]),
        ("angry", ["anger"]),
        ("anxious", ["anxiety"]),
        ("apologetic", []),
        ("assertive", []),
        ("boredom", ["bored"]),
        ("breath", []),
        ("calm", ["calmness"]),
        ("concerned", ["concern"]),
        ("contempt", ["contemptuous"]),
        ("disappointed", ["disappointment"]),
        ("disgust", ["disgusted"]),
        ("encouraging", ["encouragement"]),
        ("excited", ["excitement"]),
        ("fearful", ["fear", "afraid"]),
        ("frustrated", ["frustration"]),
        ("happy", ["happiness", "joy", "joyful"]),
        ("high", []),
        ("low", []),
        ("neutral", ["neutrality"]),
        ("normal", []),
        ("other", []),
        ("pain", []),
        ("pleasure", []),
        ("sad", ["sadness"]),
        ("sleepy", ["sleepiness"]),
        ("surprised", ["surprise", "pleasant_surprise", "pleasant_surprised"]),
    ];

    private static readonly FrozenDictionary<string, string> WordsBySynonym = Terms
        .SelectMany(
            term => term.Synonyms.Prepend(term.Word),
            (term, synonym) => KeyValuePair.Create(synonym, term.Word)
        )
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The words, in ordinal order.</summary>
    public static IReadOnlyList<string> Words { get; } = [.. Terms.Select(term => term.Word)];

    /// <summary>Other words for an emotion; none for a word that is not in <see cref="Words"/>.</summary>
    public static IReadOnlyList<string> GetSynonyms(string word) =>
        Terms.FirstOrDefault(term => term.Word == word).Synonyms ?? [];

    /// <summary>
    /// The word for a label, regardless of case, with <c>_</c>, <c>-</c> and spaces alike; null for a label that is
    /// not in the vocabulary.
    /// </summary>
    public static string? Find(string label) =>
        WordsBySynonym.GetValueOrDefault(label.Trim().Replace(' ', '_').Replace('-', '_'));
}
