using System.Text.RegularExpressions;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora;

/// <summary>Speakers that are numbers, which programs write in several ways.</summary>
internal static partial class SpeakerNumbers
{
    /// <summary>1 for 1.0, as pandas writes integers where one is missing; other names as they are.</summary>
    public static string Read(string speaker) =>
        Fraction().Match(speaker) is { Success: true } match ? match.Groups["number"].Value : speaker;

    /// <summary>What is said about numbers.</summary>
    /// <param name="speakers">As often as they occur.</param>
    public static IEnumerable<string> Notices(IEnumerable<string> speakers)
    {
        var counts = speakers.CountBy(speaker => speaker).ToList();
        var fractions = counts.Where(speaker => Read(speaker.Key) != speaker.Key).ToList();
        if (fractions.Count > 0)
            yield return $"{fractions.Sum(speaker => speaker.Value)} clips have a speaker that is an integer written "
                + "as a decimal, and is read as the integer: "
                + NameSpellings.ListExamples(
                    fractions.Select(speaker => $"{speaker.Key} ({speaker.Value}) is {Read(speaker.Key)}"),
                    ", "
                );
        var alike = counts
            .GroupBy(speaker => NameText.GetKey(Read(speaker.Key)), speaker => speaker.Value)
            .GroupBy(name => LeadingZeros().Replace(name.Key, ""))
            .Where(names => names.Skip(1).Any())
            .Select(names => string.Join(" and ", names.Select(name => $"{name.Key} ({name.Sum()})")))
            .ToList();
        if (alike.Count > 0)
            yield return "speakers that differ in leading zeros only are different ones: "
                + $"{NameSpellings.ListExamples(alike)}: if they are one, spell them alike in all sources";
    }

    [GeneratedRegex(@"^\s*(?<number>\d{1,18})\.0\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"(?<!\d)0+(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex LeadingZeros();
}
