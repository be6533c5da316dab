namespace AttnCrnn.Features;

/// <summary>More clips are bad than the user allowed; the report names every one.</summary>
public sealed class TooManyInvalidClipsException(ExtractionReport report, double maxBad)
    : InvalidInputException(
        $"{report.Errors.Count} of {report.Asked} clips are bad, more than --max_bad {maxBad:0.####} allows; mend them, leave them out of the manifest, or raise --max_bad"
    )
{
    /// <summary>What was extracted all the same, and what is wrong with the rest.</summary>
    public ExtractionReport Report { get; } = report;
}
