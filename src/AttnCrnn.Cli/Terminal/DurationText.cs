using System.Globalization;

namespace AttnCrnn.Cli.Terminal;

/// <summary>A duration as text: m:ss, or h:mm:ss from one hour on.</summary>
internal static class DurationText
{
    public static string Format(TimeSpan duration) =>
        duration.ToString(duration.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture);
}
