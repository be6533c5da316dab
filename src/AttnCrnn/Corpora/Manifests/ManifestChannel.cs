using AttnCrnn.Audio;
using AttnCrnn.IO;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>
/// The column channel of a manifest: <c>mix</c>, <c>loudest</c>, a number from 1, <c>left</c> or <c>right</c>. Other
/// programs' columns of this name say how a recording was made, or how many channels it has.
/// </summary>
internal static class ManifestChannel
{
    private const string Expected = "mix, loudest, left, right or the number of a channel, from 1";

    /// <summary>Whether all cells are channels, or 0, with which other programs begin to count.</summary>
    public static bool IsColumn(ManifestTable table, string column) =>
        table.Rows.All(row => IsZero(row[column]) || TryParse(row[column], out _));

    /// <summary>Why the column is not used.</summary>
    public static string DescribeOther(ManifestTable table, string column)
    {
        var row = table.Rows.First(row => !IsZero(row[column]) && !TryParse(row[column], out _));
        return $"{column} is not used, since {InputFile.Quote(row[column])} in line {row.Line} is no channel (expected "
            + $"{Expected})";
    }

    /// <summary>The channel of a row; null for a missing value.</summary>
    /// <exception cref="InvalidFileException">It is 0.</exception>
    public static AudioChannel? Read(ManifestTable table, CsvRow row, string column) =>
        TryParse(row[column], out var channel)
            ? channel
            : throw new InvalidFileException(
                table.Path,
                null,
                $"{InputFile.Quote(row[column])} as {column} in line {row.Line}",
                Expected,
                "number the channels from 1: add 1 to each if they are numbered from 0"
            );

    private static bool IsZero(string cell) => cell == "0";

    private static bool TryParse(string cell, out AudioChannel? channel)
    {
        channel = NameText.GetKey(cell) switch
        {
            "left" or "l" => AudioChannel.FromNumber(1),
            "right" or "r" => AudioChannel.FromNumber(2),
            var key => AudioChannel.TryParse(key, out var parsed) ? parsed : null,
        };
        return channel is not null || MissingValue.Matches(cell);
    }
}
