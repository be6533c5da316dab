using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>
/// What a report shows of the people who were recorded. By default nothing: reports are made to be shared, and voices
/// and names are private.
/// </summary>
public sealed record ReportOptions
{
    /// <summary>
    /// Whether speakers and recordings are named, and recordings are linked by relative paths; otherwise speakers are
    /// numbered, and clips by their row of predictions.csv.
    /// </summary>
    public bool WithNames { get; init; }

    /// <summary>Whether the recordings of the most confident errors of the hard classes are in the page.</summary>
    public bool EmbedAudio { get; init; }

    /// <summary>A configuration with these options, from whose table commands take them.</summary>
    public RunConfiguration ToConfiguration() =>
        new()
        {
            WithNames = WithNames,

            EmbedAudio = EmbedAudio,
        };

    /// <summary>What the configuration of a run says of its report.</summary>
    public static ReportOptions Create(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return new()
        {
            WithNames = configuration.WithNames,

            EmbedAudio = configuration.EmbedAudio,
        };
    }
}
