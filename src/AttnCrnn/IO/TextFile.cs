using System.Text;
using System.Text.Unicode;

namespace AttnCrnn.IO;

/// <summary>
/// Reads text files whole: UTF-8, UTF-16 or UTF-32, with or without a byte-order mark (UTF-32 only with one).
/// </summary>
internal static class TextFile
{
    /// <summary>The text, without its byte-order mark.</summary>
    /// <param name="expected">What the file should be, for messages: <c>a CSV table</c>.</param>
    /// <exception cref="InvalidFileException">
    /// The file is missing, empty, too large, of another format, or in another encoding; then the message has the byte
    /// and the line.
    /// </exception>
    public static string Read(string path, string expected, int maxBytes)
    {
        var bytes = InputFile.ReadAll(path, expected, "split it", maxBytes);
        if (FindForeignFormat(bytes) is { } found)
            throw new InvalidFileException(path, 0, found.Found, expected, found.Remedy);
        var (encoding, start) = FindEncoding(bytes);
        return encoding is null
            ? DecodeUtf8(path, expected, bytes, start)
            : Decode(path, expected, encoding, bytes.AsSpan(start));
    }

    /// <summary>Number of line breaks: LF, CR, or CR and LF together.</summary>
    public static int CountLineBreaks(ReadOnlySpan<char> text)
    {
        var count = 0;
        while (text.IndexOfAny('\r', '\n') is >= 0 and var position)
        {
            count++;
            text = text[(position + GetLineBreakLength(text, position))..];
        }
        return count;
    }

    /// <summary>2 for CR and LF together, otherwise 1.</summary>
    public static int GetLineBreakLength(ReadOnlySpan<char> text, int position) =>
        text[position] == '\r' && position + 1 < text.Length && text[position + 1] == '\n' ? 2 : 1;

    private static RecognizedFile? FindForeignFormat(ReadOnlySpan<byte> bytes)
    {
        var head = bytes[..Math.Min(bytes.Length, InputFile.RecognizableBytes)];
        if (head.StartsWith("PK\u0003\u0004"u8))
            return new("a workbook (.xlsx) or another zip archive", "save its sheet as CSV (UTF-8)");
        if (head.StartsWith((ReadOnlySpan<byte>)[0xD0, 0xCF, 0x11, 0xE0]))
            return new("a workbook (.xls)", "save its sheet as CSV (UTF-8)");
        return head.StartsWith("PAR1"u8) ? new("a Parquet table", "convert it to CSV") : InputFile.Recognize(head);
    }

    // Null for UTF-8; and the length of the mark.
    private static (Encoding? Encoding, int Start) FindEncoding(ReadOnlySpan<byte> bytes) =>
        bytes switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (null, 3),
            [0xFF, 0xFE, 0, 0, ..] => (new UTF32Encoding(bigEndian: false, false, throwOnInvalidCharacters: true), 4),
            [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, false, throwOnInvalidCharacters: true), 4),
            [0xFF, 0xFE, ..] => (CreateUtf16(bigEndian: false), 2),
            [0xFE, 0xFF, ..] => (CreateUtf16(bigEndian: true), 2),
            // Two ASCII characters in UTF-16: the names of columns are ASCII.
            [not 0, 0, not 0, 0, ..] => (CreateUtf16(bigEndian: false), 0),
            [0, not 0, 0, not 0, ..] => (CreateUtf16(bigEndian: true), 0),
            _ => (null, 0),
        };

    private static UnicodeEncoding CreateUtf16(bool bigEndian) =>
        new(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true);

    private static string Decode(string path, string expected, Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return encoding.GetString(bytes);
        }
        catch (ArgumentException) // also DecoderFallbackException
        {
            throw new InvalidFileException(
                path,
                null,
                $"text that is not valid {encoding.WebName}",
                $"{expected} in UTF-8",
                "save it as UTF-8"
            );
        }
    }

    private static string DecodeUtf8(string path, string expected, byte[] bytes, int start)
    {
        var utf8 = bytes.AsSpan(start);
        var zero = utf8.IndexOf((byte)0);
        if (zero >= 0)
            throw new InvalidFileException(
                path,
                start + zero,
                $"a zero byte in line {CountLineBreaks(Encoding.Latin1.GetString(utf8[..zero])) + 1}",
                expected,
                "specify a text file, saved as UTF-8"
            );
        if (Utf8.IsValid(utf8))
            return Encoding.UTF8.GetString(utf8);
        var text = new char[utf8.Length];
        Utf8.ToUtf16(utf8, text, out var read, out var written, replaceInvalidSequences: false);
        var line = CountLineBreaks(text.AsSpan(0, written)) + 1;
        // Latin-1 has control characters where Windows' own code page has letters and quotes.
        var codePage = bytes.Any(value => value is >= 0x80 and < 0xA0) ? "windows-1252" : "latin1";
        throw new InvalidFileException(
            path,
            start + read,
            $"byte 0x{bytes[start + read]:X2} in line {line}, which is not UTF-8",
            $"{expected} in UTF-8",
            $"save it as UTF-8, or convert it: iconv -f {codePage} -t utf-8"
        );
    }
}
