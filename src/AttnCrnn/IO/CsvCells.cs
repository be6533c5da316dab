namespace AttnCrnn.IO;

/// <summary>Parses the cells of a row; an invalid one is an error with its column and line.</summary>
/// <param name="path">The table.</param>
/// <param name="expected">What the table should be.</param>
/// <param name="remedy">What the user can do.</param>
internal sealed class CsvCells(string path, CsvRow row, string expected, string remedy)
{
    /// <summary>The value of a cell.</summary>
    /// <param name="parse">Throws FormatException or OverflowException if the cell is invalid.</param>
    /// <exception cref="InvalidFileException">The cell is invalid.</exception>
    public T Parse<T>(string column, Func<string, T> parse)
    {
        try
        {
            return parse(row[column]);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new InvalidFileException(
                path,
                null,
                $"{InputFile.Quote(row[column])} as {column} in line {row.Line}",
                expected,
                remedy
            );
        }
    }
}
