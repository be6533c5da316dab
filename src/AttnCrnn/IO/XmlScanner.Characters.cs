using System.Globalization;
using System.Text;

namespace AttnCrnn.IO;

/// <remarks>Characters, references and names.</remarks>
internal sealed partial class XmlScanner
{
    private const int Unread = -2;

    private int next = Unread;

    // -1 at the end.
    private int Peek()
    {
        if (next != Unread)
            return next;
        try
        {
            return next = reader.Read();
        }
        catch (DecoderFallbackException)
        {
            throw Error("bytes that are no UTF-8");
        }
    }

    // A line break of any kind is \n.
    private char Next()
    {
        if (Peek() < 0)
            throw Error("the document ends within a tag or reference");
        var character = (char)next;
        next = Unread;
        if (++characters > maxCharacters)
            throw Error($"more than {maxCharacters} characters");
        if (character == '\r')
        {
            if (Peek() == '\n')
                next = Unread;
            character = '\n';
        }
        if (character == '\n')
            line++;
        return IsAllowed(character) ? character : throw Error($"the character U+{(int)character:X4}");
    }

    private void AppendCharacter()
    {
        var character = Next();
        if (character != '&')
            buffer.Append(character);
        else
            buffer.Append(ReadReference());
    }

    // After &: the five entities that XML defines, and numbers of characters.
    private string ReadReference()
    {
        var reference = new StringBuilder();
        for (var part = Next(); part != ';'; part = Next())
            if (reference.Append(part).Length > MaxReferenceLength)
                throw Error($"&{reference} without a semicolon");
        return reference.ToString() switch
        {
            "amp" => "&",
            "lt" => "<",
            "gt" => ">",
            "quot" => "\"",
            "apos" => "'",
            ['#', 'x', .. var digits] => ToText(digits, NumberStyles.AllowHexSpecifier),
            ['#', .. var digits] => ToText(digits, NumberStyles.None),
            var name => throw Error($"&{name};, an entity that XML does not define"),
        };
    }

    private string ToText(string digits, NumberStyles style) =>
        int.TryParse(digits, style, CultureInfo.InvariantCulture, out var code)
        && Rune.IsValid(code)
        && (code > char.MaxValue || IsAllowed((char)code))
            ? new Rune(code).ToString()
            : throw Error($"a reference to the character {digits}");

    private string ReadName()
    {
        var name = new StringBuilder();
        while (Peek() is >= 0 and var character && IsInName((char)character))
            if (name.Append(Next()).Length > MaxNameLength)
                throw Error($"a name of more than {MaxNameLength} characters");
        if (Peek() < 0)
            Next(); // throws
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) && name[0] is not ('-' or '.')
            ? name.ToString()
            : throw Error("a tag without a name");
    }

    // Into the buffer, without the end.
    private void ReadUpTo(string end)
    {
        buffer.Clear();
        do buffer.Append(Next());
        while (buffer.Length < end.Length || !EndsWith(end));
        buffer.Length -= end.Length;
    }

    private bool EndsWith(string end)
    {
        for (var i = 0; i < end.Length; i++)
            if (buffer[buffer.Length - end.Length + i] != end[i])
                return false;
        return true;
    }

    private void SkipSpaces()
    {
        while (Peek() is >= 0 and var character && IsSpace((char)character))
            Next();
    }

    private void Require(string expected)
    {
        foreach (var character in expected)
            Require(character);
    }

    private void Require(char expected)
    {
        if (Next() is var found && found != expected)
            throw Error($"the character {found}, expected {expected}");
    }

    private static string RemovePrefix(string name) => name[(name.IndexOf(':') + 1)..];

    private static bool IsSpace(char character) => character is ' ' or '\t' or '\n' or '\r';

    // XML allows fewer characters above ASCII; which, does not matter for finding the end of a name.
    private static bool IsInName(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.' or ':' or > '\u007f';

    private static bool IsAllowed(char character) =>
        character is >= ' ' and not ('\ufffe' or '\uffff') || IsSpace(character);

    private FormatException Error(string found) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{found} (line {line})"));
}
