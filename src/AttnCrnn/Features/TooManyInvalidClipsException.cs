using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>More clips are invalid than <c>max_bad</c> allows; the report lists all of them.</summary>
public sealed class TooManyInvalidClipsException(ExtractionReport report, double maxInvalidFraction)
    : InvalidInputException(
        OptionText.Create(
            $"{report.Errors.Count} of {report.Requested} clips are invalid, "
                + $"more than {OptionKeys.MaxInvalidFraction} {maxInvalidFraction:0.####} allows; "
                + $"repair them, exclude them from the manifest, or increase {OptionKeys.MaxInvalidFraction}"
        )
    )
{
    /// <summary>Clips that were extracted, and the errors of the others.</summary>
    public ExtractionReport Report { get; } = report;
}
