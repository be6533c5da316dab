using AttnCrnn.Corpora.Splits;
using AttnCrnn.Formats.Yaml;
using AttnCrnn.IO;

namespace AttnCrnn.Corpora.Layouts.Audformat;

/// <summary>The header of a database, db.yaml: its tables, their columns, and the meaning of the columns.</summary>
/// <remarks>https://audeering.github.io/audformat/data-header.html</remarks>
internal sealed class AudformatHeader
{
    private const int MaxBytes = 16 << 20;
    private const string Expected = "the header of an audformat database";
    private const string Remedy = "write the database again with audformat";

    private readonly JsonCursor root;

    private AudformatHeader(string path, JsonCursor root)
    {
        Folder = System.IO.Path.GetDirectoryName(path)!;
        Path = path;
        this.root = root;
        Tables = [.. ReadTables("tables")];
        MiscTables = [.. ReadTables("misc_tables")];
    }

    public string Path { get; }

    /// <summary>Folder of the database, to which all paths are relative.</summary>
    public string Folder { get; }

    /// <summary>Name of the database.</summary>
    public string Name => root.GetString("name");

    /// <summary>Tables whose rows are files or segments.</summary>
    public IReadOnlyList<AudformatTable> Tables { get; }

    /// <summary>Tables whose rows are something else, such as speakers.</summary>
    public IReadOnlyList<AudformatTable> MiscTables { get; }

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidFileException">It is not a header of audformat.</exception>
    public static AudformatHeader Read(string path) =>
        new(path, YamlFile.ReadWrapped(path, Expected, Remedy, MaxBytes));

    /// <summary>The subset of a split, by its type; null: no split, or one of another type.</summary>
    public Subset? FindSubset(string? split)
    {
        if (split is null || root.Find("splits")?.Find(split) is not { } entry)
            return null;
        var type = entry.Find("type")?.AsText();
        return type is null ? SubsetNames.Find(split) : SubsetNames.Find(type);
    }

    /// <summary>The misc table with further columns about the labels of a scheme; null: it has none.</summary>
    public AudformatTable? FindMiscTable(string? scheme)
    {
        var name = scheme is null ? null : root.Find("schemes")?.Find(scheme)?.Find("labels")?.AsString();
        return name is null ? null : MiscTables.FirstOrDefault(table => table.Name == name);
    }

    /// <summary>What a scheme says itself about each of its labels, such as the sex of a speaker.</summary>
    /// <returns>The values of a property by label; empty if the labels are a list or a misc table.</returns>
    public IEnumerable<(string Label, string Value)> FindLabelProperties(string? scheme, string property)
    {
        var labels = scheme is null ? null : root.Find("schemes")?.Find(scheme)?.Find("labels");
        if (labels is not { IsObject: true })
            yield break;
        foreach (var (label, properties) in labels.Fields)
            if (properties.Find(property)?.AsText() is { } value)
                yield return (label, value);
    }

    private IEnumerable<AudformatTable> ReadTables(string section)
    {
        if (root.Find(section) is not { IsObject: true } tables)
            yield break;
        foreach (var (name, table) in tables.Fields)
            yield return new(name)
            {
                Index = ReadIndex(table),
                SplitId = table.Find("split_id")?.AsString(),
                Columns =
                [
                    .. (table.Find("columns") is { IsObject: true } columns ? columns.Fields : []).Select(
                        column => new AudformatColumn(column.Name, column.Value.Find("scheme_id")?.AsString())
                    ),
                ],
            };
    }

    // Index columns come first in the file, in this order.
    private static IReadOnlyList<string> ReadIndex(JsonCursor table) =>
        table.Find("levels") is { } levels
            ? levels.IsObject
                ? [.. levels.Fields.Select(level => level.Name)]
                : [.. levels.Items.Select(level => level.RequireString())]
            : table.Find("type")?.AsString() == "segmented"
                ? ["file", "start", "end"]
                : ["file"];
}

/// <summary>A column, and the scheme that its values have.</summary>
internal sealed record AudformatColumn(string Name, string? Scheme);
