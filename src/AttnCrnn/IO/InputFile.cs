using System.Globalization;
using System.Text;

namespace AttnCrnn.IO;

/// <summary>What is common to readers of outside bytes: opening, and recognising what a file is instead of what its name says.</summary>
internal static class InputFile
{
    private const int MaxShownCharacters = 120;
    private const string LfsPointerPrefix = "version https://git-lfs.github.com/spec/";

    /// <summary>Opens a file for reading at any place.</summary>
    /// <exception cref="InvalidFileException">It is missing, a folder, not readable, empty, or a pipe or device: those have no length that bounds what is read.</exception>
    public static FileStream Open(string path, string expected)
    {
        if (Directory.Exists(path))
            throw new InvalidFileException(path, null, "a folder", expected, "name the file in it");
        try
        {
            // Before it is opened: a named pipe without a writer would keep whoever opens it waiting for ever.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
                throw Empty();
            var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete,
                1 << 16
            );
            if (stream is { CanSeek: true, Length: > 0 })
                return stream;
            using (stream)
                throw stream.CanSeek
                    ? Empty()
                    : new InvalidFileException(
                        path,
                        null,
                        "a pipe",
                        expected,
                        "write what comes through it to a file first"
                    );
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidFileException(path, null, "no such file", expected, "check the path");
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidFileException(
                path,
                null,
                "a file that may not be read",
                expected,
                "give this user the right to read it"
            );
        }
        InvalidFileException Empty() =>
            new(
                path,
                0,
                "an empty file, or a pipe or device",
                expected,
                "fetch the file again, or leave it out; what comes through a pipe, write to a file first"
            );
    }

    /// <summary>What a file is that is not what its name says, by its first bytes, with the remedy; or null where nothing is known of it.</summary>
    public static (string Found, string Remedy)? Recognize(ReadOnlySpan<byte> head)
    {
        var text = Encoding
            .Latin1.GetString(head[..Math.Min(head.Length, 256)])
            .TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (text.StartsWith(LfsPointerPrefix, StringComparison.Ordinal))
            return ("a Git LFS pointer", "fetch the file itself with: git lfs pull");
        if (
            text.StartsWith('<')
            && (
                text.Contains("<html", StringComparison.OrdinalIgnoreCase)
                || text.Contains("<!doctype", StringComparison.OrdinalIgnoreCase)
            )
        )
            return ("an HTML page", "the download gave a web page instead of the file: fetch it again");
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WAVE"u8))
            return ("a WAV recording", "give it the name of one");
        if (head.StartsWith("PK\u0003\u0004"u8))
            return ("a zip archive", "unpack it, or give it the name of one");
        if (
            head.StartsWith("\u0093NUMPY"u8)
            || (head.Length > 5 && head[0] == 0x93 && head[1..6].SequenceEqual("NUMPY"u8))
        )
            return ("a NumPy array", "give it the name of one");
        if (head.StartsWith("fLaC"u8))
            return ("a FLAC recording", "give it the name of one");
        return null;
    }

    /// <summary>The bytes as a reader may show them: printable ones in quotes, others in hexadecimal.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            if (value is < 0x20 or > 0x7E)
                return "bytes " + Convert.ToHexString(bytes);
        return $"'{Encoding.ASCII.GetString(bytes)}'";
    }

    /// <summary>A name that stands in a file as a message may show it: on one line, in quotes, and no longer than a line.</summary>
    public static string Quote(string name)
    {
        var shown = new string([.. name.Take(MaxShownCharacters).Select(letter => IsPlain(letter) ? letter : '?')]);
        return name.Length > MaxShownCharacters ? $"'{shown}…'" : $"'{shown}'";
    }

    /// <summary>Whether a text may be shown to people as it is: not blank, one line, and nothing in it that steers a terminal or turns the text around.</summary>
    public static bool IsPlain(string text) => !string.IsNullOrWhiteSpace(text) && text.All(IsPlain);

    private static bool IsPlain(char letter) =>
        char.GetUnicodeCategory(letter)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
