using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Readers;

/// <summary>A table of a corpus with a row per speaker.</summary>
internal static class DemographicsTable
{
    /// <summary>The sexes by speaker; those that are neither male nor female are left out.</summary>
    /// <param name="speakerColumn">Column of the speakers, in lower case.</param>
    /// <param name="sexColumn">Column of the sexes, in lower case.</param>
    /// <param name="prefix">Corpus before the names of its speakers.</param>
    /// <exception cref="InvalidFileException">The table is damaged, or has no such columns.</exception>
    public static IReadOnlyDictionary<string, string> Read(
        string path,
        string speakerColumn,
        string sexColumn,
        string prefix
    )
    {
        var table = CsvTable.Read(path);
        if (!table.Columns.Contains(speakerColumn) || !table.Columns.Contains(sexColumn))
            throw new InvalidFileException(
                path,
                0,
                $"columns {string.Join(", ", table.Columns)}",
                $"{speakerColumn} and {sexColumn}",
                "fetch the file again"
            );
        var sexes = new Dictionary<string, string>();
        foreach (var row in table.Rows)
            if (row[sexColumn].ToLowerInvariant() is SpeakerSex.Female or SpeakerSex.Male)
                sexes[$"{prefix}_{row[speakerColumn]}"] = row[sexColumn].ToLowerInvariant();
        return sexes;
    }
}
