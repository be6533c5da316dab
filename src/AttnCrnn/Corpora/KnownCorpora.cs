using AttnCrnn.Corpora.Readers;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora;

/// <summary>The corpora that are recognized by their files.</summary>
public static class KnownCorpora
{
    private const char Separator = '_';

    /// <summary>Their descriptions, by name.</summary>
    public static IReadOnlyList<CorpusDescription> Descriptions { get; } =
    [
        .. CorpusReaders
            .All.Select(reader => reader.Description)
            .OrderBy(corpus => corpus.Name, StringComparer.OrdinalIgnoreCase),
    ];

    private static Dictionary<string, CorpusDescription> ByKey { get; } =
        Descriptions.ToDictionary(corpus => GetKey(corpus.Name));

    /// <summary>
    /// The corpus of a name, without regard to case, accents, hyphens and apostrophes (<c>oreau</c>); null if there is
    /// none.
    /// </summary>
    public static CorpusDescription? Find(string name) => ByKey.GetValueOrDefault(GetKey(name));

    /// <summary>
    /// The corpus of a speaker, whose name begins with that of a known corpus (<c>ravdess_07</c>); null for any other
    /// name, which is the user's own.
    /// </summary>
    internal static CorpusDescription? FindOfSpeaker(string speaker)
    {
        for (var end = speaker.IndexOf(Separator); end > 0; end = speaker.IndexOf(Separator, end + 1))
            if (Find(speaker[..end]) is { } corpus)
                return corpus;
        return null;
    }

    private static string GetKey(string name) =>
        string.Concat(CanonicalComposition.RemoveMarks(name).Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
