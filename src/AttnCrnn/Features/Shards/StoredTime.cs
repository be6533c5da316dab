using System.Globalization;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// Times in a shard's index: ISO 8601 in UTC with seven decimals, which is the resolution of a tick (100 ns), so that a
/// time that is read equals the one that was written. Version 0.1.0 wrote the ticks themselves; both are read.
/// </summary>
internal static class StoredTime
{
    private const string Expected = "a time such as 2026-05-01T12:30:00.0000000Z, or ticks";

    /// <summary>As in <c>2026-05-01T12:30:00.0000000Z</c>; empty for 0, which means that there is no time.</summary>
    public static string Format(long ticks) =>
        ticks == 0 ? "" : new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Reads a time of this version or of 0.1.0.</summary>
    /// <returns>UTC ticks.</returns>
    /// <exception cref="FormatException">It is neither.</exception>
    public static long Parse(string cell)
    {
        if (cell.Length == 0)
            return 0;
        if (long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
            return ticks <= DateTime.MaxValue.Ticks ? ticks : throw CreateError(cell);
        return
            DateTime.TryParseExact(cell, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            && time.Kind == DateTimeKind.Utc
            ? time.Ticks
            : throw CreateError(cell);
    }

    private static FormatException CreateError(string cell) => new($"'{cell}', expected {Expected}");
}
