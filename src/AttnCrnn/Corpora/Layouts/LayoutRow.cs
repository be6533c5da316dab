using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>A clip as a table of a layout lists it.</summary>
/// <param name="Table">Path of the table.</param>
/// <param name="Line">Line in the table, from 1.</param>
/// <param name="Recording">Path of the recording as the table has it.</param>
internal sealed record LayoutRow(string Table, int Line, string Recording)
{
    /// <summary>Label as the table has it; empty or null: none.</summary>
    public string? Label { get; init; }

    /// <summary>Speaker with the prefix of the layout; null: unknown.</summary>
    public string? Speaker { get; init; }

    /// <summary>Sex as the table has it; null: unknown.</summary>
    public string? Sex { get; init; }

    public Subset? Split { get; init; }

    public double? StartSeconds { get; init; }

    public double? EndSeconds { get; init; }

    /// <summary>Channel, from 1; null: as the options say.</summary>
    public int? Channel { get; init; }
}
