namespace AttnCrnn.IO;

/// <summary>How a table separates its cells.</summary>
/// <param name="Start">Where the header begins.</param>
/// <param name="FirstLine">Line number of the header, from 1.</param>
internal readonly record struct CsvDialect(char Delimiter, int Start, int FirstLine)
{
    private const int SampledRows = 16;

    /// <summary>
    /// The dialect of a text: what its first line says (<c>sep=;</c>, as Excel reads it), otherwise the delimiter that
    /// divides header and first rows into equally many cells; of several, the one that makes the most.
    /// </summary>
    public static CsvDialect Find(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        if (ParseDelimiter(first.Trim().Trim('"')) is { } delimiter)
            return new(delimiter, end < 0 ? text.Length : end + TextFile.GetLineBreakLength(text, end), FirstLine: 2);
        var best = ((char[])[',', ';', '\t']).Max(candidate => Rate(text, candidate));
        return new(best.Columns > 1 ? best.Delimiter : ',', 0, FirstLine: 1);
    }

    /// <summary>Number of columns up to the last that has a name.</summary>
    public static int CountNamed(List<string> header) => header.FindLastIndex(name => name.Length > 0) + 1;

    /// <summary>Whether a row has the cells that a header asks for; more of them must be empty.</summary>
    public static bool Fits(List<string> cells, List<string> header)
    {
        for (var i = header.Count; i < cells.Count; i++)
            if (cells[i].Length > 0)
                return false;
        return cells.Count >= header.Count || cells.Count >= CountNamed(header);
    }

    private static char? ParseDelimiter(string line) =>
        !line.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) ? null
        : line.Length == 5 ? line[4]
        : line is "sep=" or "sep=\\t" ? '\t' // a tab at the end was trimmed
        : null;

    private static Rating Rate(string text, char delimiter)
    {
        var parser = new CsvParser(text, 0, 1, delimiter);
        List<string> header = [];
        if (!parser.Read(header))
            return default;
        List<string> cells = [];
        var rows = 0;
        var fitting = 0;
        while (rows < SampledRows && parser.Read(cells))
        {
            rows++;
            if (Fits(cells, header))
                fitting++;
        }
        return new(delimiter, header.Count, (double)(fitting + 1) / (rows + (parser.Error is null ? 1 : 2)));
    }

    private readonly record struct Rating(char Delimiter, int Columns, double Fitting) : IComparable<Rating>
    {
        public int CompareTo(Rating other)
        {
            var divides = (Columns > 1).CompareTo(other.Columns > 1);
            var fitting = divides != 0 ? divides : Fitting.CompareTo(other.Fitting);
            return fitting != 0 ? fitting : Columns.CompareTo(other.Columns);
        }
    }
}
