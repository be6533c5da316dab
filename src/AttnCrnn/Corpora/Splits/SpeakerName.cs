using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Splits;

/// <summary>Names of speakers in lists: whole, without the corpus, or as a range of numbers.</summary>
internal static partial class SpeakerName
{
    private const int MaxRange = 10_000;

    /// <summary>
    /// The part of a speaker's name before the first underscore, which is its corpus; empty without one.
    /// </summary>
    public static string GetCorpus(string speaker) =>
        speaker[..Math.Max(0, speaker.IndexOf('_', StringComparison.Ordinal))];

    /// <summary>
    /// The speakers of a name: the one that is called so, otherwise those that are called so without regard to case,
    /// corpus and leading zeros, otherwise those of a range.
    /// </summary>
    /// <param name="name">Such as <c>ravdess_21</c>, <c>21</c> or <c>21-24</c>.</param>
    public static IReadOnlyList<string> Match(string name, IReadOnlyList<string> speakers)
    {
        if (speakers.Contains(name))
            return [name];
        var similar = Find([Normalize(name)], speakers);
        return similar.Count > 0 ? similar : MatchRange(name, speakers);
    }

    private static IReadOnlyList<string> MatchRange(string name, IReadOnlyList<string> speakers)
    {
        if (
            RangePattern().Match(name) is not { Success: true } range
            || !int.TryParse(range.Groups["first"].ValueSpan, NumberStyles.None, null, out var first)
            || !int.TryParse(range.Groups["last"].ValueSpan, NumberStyles.None, null, out var last)
            || last - first is < 0 or > MaxRange
        )
            return [];
        var prefix = range.Groups["prefix"].Value;
        var names = Enumerable
            .Range(first, last - first + 1)
            .Select(number => Normalize(string.Create(CultureInfo.InvariantCulture, $"{prefix}{number}")))
            .ToHashSet();
        return Find(names, speakers);
    }

    // The speakers that have one of the normalized names, with or without the corpus.
    private static IReadOnlyList<string> Find(HashSet<string> names, IReadOnlyList<string> speakers) =>
        [
            .. speakers.Where(speaker =>
                names.Contains(Normalize(speaker)) || names.Contains(Normalize(WithoutCorpus(speaker)))
            ),
        ];

    private static string WithoutCorpus(string speaker) =>
        GetCorpus(speaker) is { Length: > 0 } corpus ? speaker[(corpus.Length + 1)..] : speaker;

    private static string Normalize(string name) => LeadingZeros().Replace(name.ToLowerInvariant(), "");

    // Of the number at the end.
    [GeneratedRegex(@"(?<![0-9])0+(?=[0-9]+$)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeros();

    [GeneratedRegex("^(?<prefix>.*?)(?<first>[0-9]{1,9})-(?<last>[0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex RangePattern();
}
