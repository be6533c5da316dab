namespace AttnCrnn.IO;

/// <summary>What is wrong with the quotes or the length of a cell.</summary>
/// <param name="Line">Line in which the cell begins, from 1.</param>
internal sealed record CsvSyntaxError(int Line, string Found, string Expected, string Remedy);

/// <summary>
/// Parses the records of a table as RFC 4180 defines them, with any of the three line breaks; blank lines are skipped.
/// Blanks around a cell are removed, except inside quotes. A quote inside a cell that does not begin with one is text.
/// </summary>
/// <param name="text">The file.</param>
/// <param name="start">Where the first record begins.</param>
/// <param name="firstLine">Line number of the first record.</param>
internal sealed class CsvParser(string text, int start, int firstLine, char delimiter)
{
    private const char Quote = '"';
    private const string Blanks = " \t";

    /// <summary>Bounds what a quote that is never closed reads.</summary>
    public const int MaxCellLength = 1 << 16;

    private readonly List<string> previous = [];
    private int position = start;
    private int line = firstLine;

    /// <summary>Line in which the current record begins, from 1.</summary>
    public int RecordLine { get; private set; } = firstLine;

    /// <summary>Why the last <see cref="Read"/> returned false; null at the end of the text.</summary>
    public CsvSyntaxError? Error { get; private set; }

    /// <summary>Reads the next record into <paramref name="cells"/>.</summary>
    public bool Read(List<string> cells)
    {
        cells.Clear();
        SkipBlankLines();
        RecordLine = line;
        if (position >= text.Length)
            return false;
        while (true)
        {
            if (!ReadCell(cells))
                return false;
            if (position < text.Length && text[position] == delimiter)
            {
                position++;
                continue;
            }
            SkipLineBreak();
            previous.Clear();
            previous.AddRange(cells);
            return true;
        }
    }

    // A line of tabs in a table with tabs is a row of empty cells.
    private void SkipBlankLines()
    {
        while (position < text.Length)
        {
            var end = SkipBlanks(position);
            if (end < text.Length && !IsLineBreak(text[end]))
                return;
            position = end;
            SkipLineBreak();
        }
    }

    private bool ReadCell(List<string> cells)
    {
        var begin = SkipBlanks(position);
        if (begin < text.Length && text[begin] == Quote)
        {
            // In tables with tabs, a quote is as often text as not: quotes that do not fit are.
            if (ReadQuoted(begin) is { } cell)
            {
                cells.Add(cell);
                return true;
            }
            if (delimiter != '\t')
                return false;
            Error = null;
        }
        var length = text.AsSpan(position).IndexOfAny(delimiter, '\r', '\n');
        var value = text.AsSpan(position, length < 0 ? text.Length - position : length);
        position += value.Length;
        value = value.Trim(Blanks);
        if (value.Length > MaxCellLength)
            return Fail($"a cell of more than {MaxCellLength} characters", "a shorter cell", "correct it");
        cells.Add(GetString(value, cells.Count));
        return true;
    }

    // Null, and the error, if the quotes do not fit. Moves only if they do.
    private string? ReadQuoted(int begin)
    {
        var end = begin + 1;
        var escaped = false;
        while (true)
        {
            var length = text.AsSpan(end, Math.Min(text.Length - end, MaxCellLength + 1)).IndexOf(Quote);
            if (length < 0 || end + length - begin > MaxCellLength)
                return FailQuoted("a quote that does not close", "close it");
            end += length;
            if (end + 1 >= text.Length || text[end + 1] != Quote)
                break;
            escaped = true;
            end += 2;
        }
        var next = SkipBlanks(end + 1);
        if (next < text.Length && text[next] != delimiter && !IsLineBreak(text[next]))
            return FailQuoted(
                $"{InputFile.Quote(text[begin..Math.Min(next + 10, text.Length)])}, with text after the closing quote",
                "write a quote inside of quotes twice, or correct the line"
            );
        var cell = text.AsSpan(begin + 1, end - begin - 1);
        position = next;
        line += TextFile.CountLineBreaks(cell);
        return escaped ? cell.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : cell.ToString();
    }

    private string? FailQuoted(string found, string remedy)
    {
        Fail(found, "a cell with closed quotes", remedy);
        return null;
    }

    private bool Fail(string found, string expected, string remedy)
    {
        Error = new(line, $"{found} in line {line}", expected, remedy);
        return false;
    }

    // Labels and speakers repeat from row to row: one string for all of them saves most of a table's memory.
    private string GetString(ReadOnlySpan<char> value, int column) =>
        column < previous.Count && value.SequenceEqual(previous[column]) ? previous[column] : value.ToString();

    private int SkipBlanks(int index)
    {
        while (index < text.Length && text[index] is ' ' or '\t' && text[index] != delimiter)
            index++;
        return index;
    }

    private void SkipLineBreak()
    {
        if (position >= text.Length)
            return;
        position += TextFile.GetLineBreakLength(text, position);
        line++;
    }

    private static bool IsLineBreak(char character) => character is '\r' or '\n';
}
