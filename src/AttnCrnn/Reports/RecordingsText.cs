using System.Globalization;

namespace AttnCrnn.Reports;

/// <summary>The sentences about the recordings of a page.</summary>
internal static class RecordingsText
{
    /// <summary>What is embedded or linked, with numbers, and what is not and why.</summary>
    public static string Describe(ReportOptions options, Recordings recordings)
    {
        if (options.EmbedAudio)
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Recordings in this page: {recordings.Embedded}, as 16 kHz mono WAV "
                    + $"({recordings.EmbeddedBytes / 1e6:0.0} MB), each at most {Recordings.MaxSeconds:0} s long "
                    + $"({recordings.Shortened} cut).{DescribeMissing(recordings)} Voices are personal data: share "
                    + $"the page only with consent."
            );
        return options.WithNames
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Recordings linked, relative to this page: {recordings.Linked}.{DescribeMissing(recordings)}"
            )
            : "Recordings are neither in this page nor linked, since voices and names are private. Clips are numbered "
                + "by their row of predictions.csv.";
    }

    private static string DescribeMissing(Recordings recordings) =>
        (recordings.Missing > 0 ? $" Not found from here: {recordings.Missing}." : "")
        + (recordings.Invalid > 0 ? $" Unreadable: {recordings.Invalid}." : "");
}
