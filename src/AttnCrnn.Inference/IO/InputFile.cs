using System.Globalization;
using System.Text;

namespace AttnCrnn.IO;

/// <summary>Shared by all readers of external files: opening, and recognizing a file by its content.</summary>
internal static class InputFile
{
    /// <summary>Bytes at the beginning of a file that are enough to recognize it.</summary>
    public const int RecognizableBytes = 256;

    private const int MaxShownCharacters = 120;
    private const string LfsPointerPrefix = "version https://git-lfs.github.com/spec/";

    /// <summary>Opens a seekable file for reading.</summary>
    /// <exception cref="InvalidFileException">
    /// It is missing, a folder, not readable, empty, or a pipe or device, whose length is unknown.
    /// </exception>
    public static FileStream Open(string path, string expected)
    {
        if (Directory.Exists(path))
            throw new InvalidFileException(path, null, "a folder", expected, "specify a file in the folder");
        try
        {
            // Check before opening: opening a named pipe without a writer would block forever.
            if (new FileInfo(path) is { Exists: true, Length: 0 })
                throw CreateEmptyFileError();
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
                    ? CreateEmptyFileError()
                    : new InvalidFileException(
                        path,
                        null,
                        "a pipe",
                        expected,
                        "write its content to a file and specify that file"
                    );
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CreateMissingFileError(path, expected);
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidFileException(
                path,
                null,
                "a file without read permission",
                expected,
                "grant this user read permission"
            );
        }
        InvalidFileException CreateEmptyFileError() =>
            new(
                path,
                0,
                "an empty file, or a pipe or device",
                expected,
                "download the file again, or exclude it; write the content of a pipe to a file and specify that file"
            );
    }

    private static InvalidFileException CreateMissingFileError(string path, string expected) =>
        NameEncoding.IsReplaced(path)
            ? new(path, null, "a name that is not UTF-8", expected, NameEncoding.Remedy)
            : new(path, null, "no such file", expected, "check the path");

    /// <summary>Reads a small file.</summary>
    /// <exception cref="InvalidFileException">As for <see cref="Open"/>, or it is too large.</exception>
    public static byte[] ReadAll(string path, string expected, OptionText remedy, int maxBytes)
    {
        using var stream = Open(path, expected);
        if (stream.Length > maxBytes)
            throw new InvalidFileException(
                path,
                null,
                $"{stream.Length} bytes",
                $"{expected}, of at most {maxBytes} bytes",
                remedy
            );
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Recognizes a file by its first bytes, with a remedy; null if the format is unknown.</summary>
    public static RecognizedFile? Recognize(ReadOnlySpan<byte> head)
    {
        var text = Encoding
            .Latin1.GetString(head[..Math.Min(head.Length, RecognizableBytes)])
            .TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        if (text.StartsWith(LfsPointerPrefix, StringComparison.Ordinal))
            return new("a Git LFS pointer", "download the file with: git lfs pull");
        if (
            text.StartsWith('<')
            && (
                text.Contains("<html", StringComparison.OrdinalIgnoreCase)
                || text.Contains("<!doctype", StringComparison.OrdinalIgnoreCase)
            )
        )
            return new(
                "an HTML page",
                "the download returned a web page instead of the file, such as a page to log in: log in if the site "
                    + "requires it, and download the file again"
            );
        if (head.StartsWith("RIFF"u8) && head.Length >= 12 && head[8..12].SequenceEqual("WAVE"u8))
            return new("a WAV recording", "rename it accordingly", IsRecording: true);
        if (head.StartsWith("PK\u0003\u0004"u8))
            return new("a zip archive", "unpack it, or rename it accordingly");
        if (
            head.StartsWith("\u0093NUMPY"u8)
            || (head.Length > 5 && head[0] == 0x93 && head[1..6].SequenceEqual("NUMPY"u8))
        )
            return new("a NumPy array", "rename it accordingly");
        if (head.StartsWith("fLaC"u8))
            return new("a FLAC recording", "rename it accordingly", IsRecording: true);
        return null;
    }

    /// <summary>Formats bytes for messages: printable ASCII in quotes, otherwise hexadecimal.</summary>
    public static string FormatBytes(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            if (value is < 0x20 or > 0x7E)
                return "bytes " + Convert.ToHexString(bytes);
        return $"'{Encoding.ASCII.GetString(bytes)}'";
    }

    /// <summary>A name from a file in quotes, for messages; otherwise as <see cref="Sanitize"/>.</summary>
    public static string Quote(string name) => $"'{Sanitize(name)}'";

    /// <summary>A name from a file for messages: one line, limited length, control characters replaced.</summary>
    public static string Sanitize(string name)
    {
        var shown = new string([.. name.Take(MaxShownCharacters).Select(c => IsPrintable(c) ? c : '?')]);
        return name.Length > MaxShownCharacters ? $"{shown}…" : shown;
    }

    /// <summary>
    /// Whether a string can be displayed safely: not blank, one line, no terminal control or bidirectional formatting
    /// characters.
    /// </summary>
    public static bool IsPrintable(string text) => !string.IsNullOrWhiteSpace(text) && text.All(IsPrintable);

    private static bool IsPrintable(char character) =>
        char.GetUnicodeCategory(character)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
