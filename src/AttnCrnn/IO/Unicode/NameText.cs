using System.Buffers;
using System.Globalization;
using System.Text;

namespace AttnCrnn.IO.Unicode;

/// <summary>Names as people and programs type them: which differences between two of them are none.</summary>
internal static class NameText
{
    // Of names that are their own keys: printable ASCII without spaces and capitals.
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create([
        .. Enumerable
            .Range('!', '~' - '!' + 1)
            .Select(code => (char)code)
            .Where(code => !char.IsAsciiLetterUpper(code)),
    ]);

    private const char WordJoiner = '\u2060';
    private const char ZeroWidthSpace = '\u200B';
    private const char SoftHyphen = '\u00AD';
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>
    /// The name in normalization form C, without spaces and invisible characters around it; inside, one space for any
    /// number of spaces of any kind.
    /// </summary>
    public static string Clean(string name)
    {
        if (!name.AsSpan().ContainsAnyExceptInRange('!', '~'))
            return name;
        var text = CanonicalComposition.Compose(name);
        var start = 0;
        var end = text.Length;
        while (start < end && IsInvisible(text[start]))
            start++;
        while (end > start && IsInvisible(text[end - 1]))
            end--;
        return CollapseSpaces(text.AsSpan(start, end - start));
    }

    /// <summary>What equal names have in common: <see cref="Clean"/>, without regard to case.</summary>
    public static string GetKey(string name) =>
        name.AsSpan().ContainsAnyExcept(KeyCharacters)
            ? Clean(name)
                .ToUpperInvariant()
                .ToLowerInvariant() // σ and ς are one
                .Replace("ß", "ss", StringComparison.Ordinal)
            : name;

    /// <summary>The name with what cannot be seen as escapes, <c>angry\u00A0</c>.</summary>
    public static string Show(string name)
    {
        var shown = new StringBuilder();
        foreach (var character in name)
            if (character != ' ' && (IsInvisible(character) || IsMark(character)))
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                shown.Append(character);
        return name.Length > 0 && (name[0] == ' ' || name[^1] == ' ') ? $"'{shown}'" : shown.ToString();
    }

    private static string CollapseSpaces(ReadOnlySpan<char> name)
    {
        var output = new StringBuilder(name.Length);
        foreach (var character in name)
            if (character is WordJoiner or ZeroWidthSpace or SoftHyphen or ByteOrderMark)
                continue;
            else if (!char.IsWhiteSpace(character))
                output.Append(character);
            else if (output.Length > 0 && output[^1] != ' ')
                output.Append(' ');
        return output.ToString();
    }

    private static bool IsInvisible(char character) =>
        char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.Format or UnicodeCategory.Control;

    private static bool IsMark(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark;
}
