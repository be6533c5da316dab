using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts.Kaldi;

/// <summary>A table of Kaldi: a key, blanks, and the remainder of the line.</summary>
internal static class KaldiTable
{
    private const int MaxBytes = 256 << 20;
    private const string Expected = "a key, a blank and a value per line";
    private const string Remedy = "correct the line";

    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>Reads a table of a set.</summary>
    /// <returns>The entries in order, without a value if there is only a key; none if there is no such table.</returns>
    /// <exception cref="InvalidFileException">A key is there twice, or the file is too large.</exception>
    public static IReadOnlyList<KaldiEntry> Read(string path)
    {
        if (!File.Exists(path) || new FileInfo(path).Length == 0)
            return [];
        var entries = new List<KaldiEntry>();
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var lines = Encoding.UTF8.GetString(InputFile.ReadAll(path, Expected, Remedy, MaxBytes)).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var text = lines[i].Trim();
            if (text.Length == 0)
                continue;
            var blank = text.IndexOfAny(Blanks);
            var key = blank < 0 ? text : text[..blank];
            if (!keys.Add(key))
                throw new InvalidFileException(
                    path,
                    null,
                    $"{InputFile.Quote(key)} a second time in line {i + 1}",
                    "each key once",
                    Remedy
                );
            entries.Add(new(i + 1, key, blank < 0 ? "" : text[(blank + 1)..].Trim()));
        }
        return entries;
    }

    /// <summary>Values by key.</summary>
    public static IReadOnlyDictionary<string, string> ReadValues(string path) =>
        Read(path).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
}

/// <summary>A line of a table.</summary>
/// <param name="Line">From 1.</param>
internal sealed record KaldiEntry(int Line, string Key, string Value);
