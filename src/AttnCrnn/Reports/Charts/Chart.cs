namespace AttnCrnn.Reports.Charts;

/// <summary>
/// A vector chart of a report, with a text for readers who do not see it. It is drawn in points at the column width
/// of a paper; pages scale it. <see cref="SvgChart"/> writes it into a page and as a file.
/// </summary>
internal abstract class Chart
{
    /// <summary>Width of a column of a two-column paper, 3.4 inches, in points.</summary>
    public const double ColumnWidth = 245;

    /// <summary>Width of both columns, 7 inches, in points.</summary>
    public const double PageWidth = 504;

    /// <summary>Name of its file without extension, and its identifier in a page: lower case, unique.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, in a few words.</summary>
    public abstract string Title { get; }

    /// <summary>What it shows, with the values that matter.</summary>
    public abstract string Description { get; }

    /// <summary>Width in points.</summary>
    public virtual double Width => ColumnWidth;

    /// <summary>Height in points.</summary>
    public abstract double Height { get; }

    /// <summary>Draws it; the origin is the upper left corner.</summary>
    public abstract void Draw(SvgCanvas canvas);
}
