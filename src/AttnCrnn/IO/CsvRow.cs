namespace AttnCrnn.IO;

/// <summary>One row of a table.</summary>
/// <param name="Line">Number of its first line in the file, from 1, for messages.</param>
/// <param name="Indexes">Index of each column in <paramref name="Values"/>, by name in lower case.</param>
/// <param name="Values">The cells.</param>
internal sealed record CsvRow(int Line, IReadOnlyDictionary<string, int> Indexes, IReadOnlyList<string> Values)
{
    /// <summary>
    /// The cell of a column (lower-case name); empty if the table has no such column, or the row ends before it.
    /// </summary>
    public string this[string column] =>
        Indexes.TryGetValue(column, out var index) && index < Values.Count ? Values[index] : "";
}
