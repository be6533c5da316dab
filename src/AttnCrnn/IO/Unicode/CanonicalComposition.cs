using System.Globalization;
using System.Text;

namespace AttnCrnn.IO.Unicode;

/// <summary>
/// Normalization form C (Unicode Standard Annex 15), in which é is one character. .NET's own Normalize changes nothing
/// in programs with InvariantGlobalization, as this one.
/// </summary>
internal static partial class CanonicalComposition
{
    private const char FirstCombining = '\u0300'; // all text before it is in form C
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int Leads = 19;
    private const int Vowels = 21;
    private const int Tails = 28;

    private static readonly Dictionary<char, string> Decompositions = CreateDecompositions();
    private static readonly Dictionary<(char, char), char> Compositions = CreateCompositions();

    /// <summary>
    /// The text in form C. Characters beyond the Basic Multilingual Plane and compatibility ideographs stay as they
    /// are.
    /// </summary>
    public static string Compose(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstCombining, char.MaxValue))
            return text;
        List<char> characters = [];
        foreach (var character in text)
            Decompose(character, characters);
        SortMarks(characters);
        return Compose(characters);
    }

    /// <summary>The text without accents and other marks that combine with a letter: e for é.</summary>
    public static string RemoveMarks(string text)
    {
        List<char> characters = [];
        foreach (var character in text)
            Decompose(character, characters);
        return string.Concat(
            characters.Where(character => char.GetUnicodeCategory(character) is not UnicodeCategory.NonSpacingMark)
        );
    }

    private static void Decompose(char character, List<char> output)
    {
        var syllable = character - HangulBase;
        if (syllable is >= 0 and < Leads * Vowels * Tails)
        {
            output.Add((char)(LeadBase + syllable / (Vowels * Tails)));
            output.Add((char)(VowelBase + syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0)
                output.Add((char)(TailBase + syllable % Tails));
        }
        else if (Decompositions.TryGetValue(character, out var parts))
            foreach (var part in parts)
                Decompose(part, output);
        else
            output.Add(character);
    }

    // Marks that follow a character, in the order of their classes; stable.
    private static void SortMarks(List<char> characters)
    {
        for (var i = 1; i < characters.Count; i++)
        for (
            var j = i;
            j > 0 && FindClass(characters[j]) is > 0 and var mark && FindClass(characters[j - 1]) > mark;
            j--
        )
            characters.Reverse(j - 1, 2);
    }

    private static string Compose(List<char> characters)
    {
        var output = new StringBuilder(characters.Count);
        var starter = -1; // index in output
        var previous = -1; // class of the last mark that was kept after the starter
        foreach (var character in characters)
        {
            var combining = FindClass(character);
            if (starter >= 0 && previous < combining && FindComposed(output[starter], character) is { } composed)
            {
                output[starter] = composed;
                continue;
            }
            if (combining == 0)
                starter = output.Length;
            previous = combining == 0 ? -1 : combining;
            output.Append(character);
        }
        return output.ToString();
    }

    private static char? FindComposed(char first, char second)
    {
        if (Compositions.TryGetValue((first, second), out var composed))
            return composed;
        var lead = first - LeadBase;
        var vowel = second - VowelBase;
        var tail = second - TailBase;
        if (lead is >= 0 and < Leads && vowel is >= 0 and < Vowels)
            return (char)(HangulBase + (lead * Vowels + vowel) * Tails);
        var syllable = first - HangulBase;
        return syllable is >= 0 and < Leads * Vowels * Tails && syllable % Tails == 0 && tail is > 0 and < Tails
            ? (char)(first + tail)
            : null;
    }

    // 0 for a character that is no combining mark.
    private static int FindClass(char character)
    {
        if (character < FirstCombining)
            return 0;
        var low = 0;
        var high = CombiningClasses.Length / 3 - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (character < CombiningClasses[3 * middle])
                high = middle - 1;
            else if (character > CombiningClasses[3 * middle + 1])
                low = middle + 1;
            else
                return CombiningClasses[3 * middle + 2];
        }
        return 0;
    }

    private static Dictionary<char, string> CreateDecompositions()
    {
        Dictionary<char, string> decompositions = [];
        foreach (var triple in (Composed + Excluded).Chunk(3))
            decompositions.Add(triple[0], new(triple, 1, 2));
        foreach (var pair in Singletons.Chunk(2))
            decompositions.Add(pair[0], pair[1].ToString());
        return decompositions;
    }

    private static Dictionary<(char, char), char> CreateCompositions() =>
        Composed.Chunk(3).ToDictionary(triple => (triple[1], triple[2]), triple => triple[0]);
}
