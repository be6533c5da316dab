using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Times of segments as programs write them.</summary>
internal static partial class ManifestTime
{
    private const double MaxSeconds = 1e6;
    private const double SecondsPerMinute = 60;
    private const double SecondsPerHour = 3600;
    private const double SecondsPerDay = 86400;

    /// <summary>
    /// Seconds of <c>1.25</c>, <c>1,25</c>, <c>1.25s</c>, <c>1250ms</c>, <c>0 days 00:00:01.25</c>, <c>00:00:01.25</c>
    /// or <c>PT1.25S</c>; null for an empty cell, NaT and other missing values.
    /// </summary>
    /// <exception cref="FormatException">The cell is not such a time.</exception>
    public static double? Parse(string cell)
    {
        // Most cells, without a regular expression.
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return Check(seconds);
        if (MissingValue.Matches(cell))
            return null;
        var time = cell.Trim();
        var match = time.StartsWith('P') ? DurationPattern().Match(time) : Pattern().Match(time);
        return Check(match.Success ? ReadParts(match) : throw new FormatException());
    }

    /// <summary>The end of a segment: as <see cref="Parse"/>, and null for -1, the end of the recording.</summary>
    /// <exception cref="FormatException">The cell is not such a time.</exception>
    public static double? ParseEnd(string cell) => ToRecordingEnd().IsMatch(cell) ? null : Parse(cell);

    /// <summary>
    /// Seconds of a time in milliseconds, or of one with a unit as <see cref="Parse"/> reads it; null for -1.
    /// </summary>
    /// <exception cref="FormatException">The cell is not such a time.</exception>
    public static double? ParseMilliseconds(string cell) =>
        ToRecordingEnd().IsMatch(cell) ? null
        : double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var time) ? Check(time / 1000)
        // 1,000 may be 1 or 1000.
        : MissingValue.Matches(cell) || cell.Contains(':', StringComparison.Ordinal) || cell.Any(char.IsLetter)
            ? Parse(cell)
        : throw new FormatException();

    private static double? Check(double seconds) =>
        double.IsNaN(seconds) ? null
        : seconds is >= 0 and < MaxSeconds ? seconds
        : throw new FormatException();

    private static double ReadParts(Match match)
    {
        var seconds = ReadPart(match.Groups["seconds"]);
        if (match.Groups["unit"].Value == "ms")
            return match.Groups["minutes"].Success ? throw new FormatException() : seconds / 1000;
        return seconds
            + SecondsPerMinute * ReadPart(match.Groups["minutes"])
            + SecondsPerHour * ReadPart(match.Groups["hours"])
            + SecondsPerDay * ReadPart(match.Groups["days"]);
    }

    private static double ReadPart(Group part) =>
        part.Success ? double.Parse(part.Value.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(
        @"^(?:(?<days>\d{1,6}) days?(?: |$))?(?:\+?(?:(?:(?<hours>\d{1,6}):)?(?<minutes>\d{1,2}):)?"
            + @"(?<seconds>\d{1,9}(?:[.,]\d*)?(?:[eE][+-]?\d{1,3})?|[.,]\d+) ?(?<unit>s|ms|sec|seconds)?)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Pattern();

    // ISO 8601 without years and months, which have no fixed number of seconds. A T is followed by a part.
    [GeneratedRegex(
        @"^P(?=.)(?:(?<days>\d{1,6})D)?(?:T(?=.)(?:(?<hours>\d{1,6})H)?(?:(?<minutes>\d{1,9})M)?"
            + @"(?:(?<seconds>\d{1,9}(?:[.,]\d+)?)S)?)?$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"^-1(?:[.,]0*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex ToRecordingEnd();
}
