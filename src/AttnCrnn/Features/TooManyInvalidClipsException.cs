namespace AttnCrnn.Features;

/// <summary>More clips are invalid than <c>--max_bad</c> allows; the report lists all of them.</summary>
public sealed class TooManyInvalidClipsException(ExtractionReport report, double maxInvalidFraction)
    : InvalidInputException(
        $"{report.Errors.Count} of {report.Requested} clips are invalid, "
            + $"more than --max_bad {maxInvalidFraction:0.####} allows; "
            + "repair them, exclude them from the manifest, or increase --max_bad"
    )
{
    /// <summary>Clips that were extracted, and the errors of the others.</summary>
    public ExtractionReport Report { get; } = report;
}
