namespace AttnCrnn.Reports.Charts;

/// <summary>How text is drawn.</summary>
/// <param name="Anchor">Which point of the text is given.</param>
/// <param name="Size">Font size in points.</param>
/// <param name="Color">A color of <see cref="SvgColors"/>; null for that of text.</param>
internal readonly record struct SvgText(TextAnchor Anchor, double Size = SvgCanvas.FontSize, string? Color = null);

/// <summary>The point of a text that is given.</summary>
internal enum TextAnchor
{
    /// <summary>Where it begins.</summary>
    Start,

    /// <summary>Its center.</summary>
    Middle,

    /// <summary>Where it ends.</summary>
    End,
}
