using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>A line of a label file.</summary>
/// <param name="Number">Counted from 1, for messages.</param>
internal readonly record struct LabelLine(int Number, string Text);

/// <summary>Lines of a label file, read one after the other; the comments of raters may have any encoding.</summary>
internal static class LabelLines
{
    private const long MaxBytes = 512L << 20;
    private const int MaxLineLength = 1 << 16;

    /// <exception cref="InvalidFileException">The file is not readable, too large, or has a very long line.</exception>
    public static IEnumerable<LabelLine> Read(string path)
    {
        using var stream = InputFile.Open(path, "a label file");
        if (stream.Length > MaxBytes)
            throw new InvalidFileException(
                path,
                null,
                $"{stream.Length} bytes",
                $"a label file of at most {MaxBytes}",
                "get the file again from the corpus"
            );
        using var reader = new StreamReader(stream, Encoding.Latin1, detectEncodingFromByteOrderMarks: true);
        var line = new StringBuilder();
        for (var number = 1; ReadLine(reader, line, path, number); number++)
            yield return new(number, line.ToString());
    }

    // StreamReader.ReadLine would hold a file without line ends in memory.
    private static bool ReadLine(StreamReader reader, StringBuilder line, string path, int number)
    {
        line.Clear();
        if (reader.Peek() < 0)
            return false;
        for (var next = reader.Read(); next is not (-1 or '\n'); next = reader.Read())
        {
            if (line.Length == MaxLineLength)
                throw new InvalidFileException(
                    path,
                    null,
                    $"more than {MaxLineLength} characters in line {number}",
                    "a label file in text lines",
                    "get the file again from the corpus"
                );
            line.Append((char)next);
        }
        if (line.Length > 0 && line[^1] == '\r')
            line.Length--;
        return true;
    }
}
