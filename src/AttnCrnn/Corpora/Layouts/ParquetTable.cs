namespace AttnCrnn.Corpora.Layouts;

/// <summary>Tables as Parquet, which are refused with the command that writes them as CSV.</summary>
internal static class ParquetTable
{
    /// <summary>Refuses Parquet tables that do not have a copy in another format beside them.</summary>
    /// <param name="parquet">Paths of the Parquet tables.</param>
    /// <param name="tables">Paths of the tables that are read.</param>
    /// <param name="expected">The tables that can be read, for the message.</param>
    /// <param name="index">Whether pandas' index is part of the table.</param>
    /// <exception cref="InvalidFileException">A table is there as Parquet only.</exception>
    public static void RefuseUnlessCopied(
        IEnumerable<string> parquet,
        IReadOnlyCollection<string> tables,
        string expected,
        bool index
    )
    {
        var readable = tables.Select(RemoveExtension).ToHashSet(StringComparer.Ordinal);
        var unreadable = parquet.Where(path => !readable.Contains(RemoveExtension(path))).ToList();
        if (unreadable.Count == 0)
            return;
        var name = Path.GetFileName(unreadable[0]);
        throw new InvalidFileException(
            unreadable[0],
            null,
            unreadable.Count == 1 ? "a Parquet table" : $"a Parquet table, the first of {unreadable.Count}",
            expected,
            $"write it as CSV beside it: python3 -c \"import pandas; pandas.read_parquet('{name}').to_csv('"
                + $"{Path.ChangeExtension(name, ".csv")}'{(index ? "" : ", index=False")})\""
        );
    }

    private static string RemoveExtension(string path) => path[..^Path.GetExtension(path).Length];
}
