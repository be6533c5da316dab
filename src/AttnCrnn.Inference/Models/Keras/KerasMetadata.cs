using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>An archive's metadata.json: the Keras version and the time of saving.</summary>
internal static partial class KerasMetadata
{
    private const string Version = "3.15.1"; // the version whose format this program writes
    private const int NewestMinor = 15;
    private const string Format = "yyyy-MM-dd@HH:mm:ss";

    public static byte[] Write(DateTime savedTime)
    {
        var date = savedTime.ToString(Format, CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($$"""{"keras_version": "{{Version}}", "date_saved": "{{date}}"}""");
    }

    /// <summary>Reads the time of saving; 1980 if missing or malformed.</summary>
    /// <exception cref="InvalidFileException">Not saved by Keras 3.0 to 3.15.</exception>
    public static DateTime Read(string file, byte[] json)
    {
        var metadata = new JsonSource(
            file,
            "the metadata of a model that Keras 3 saved",
            "download the file again"
        ).Parse(json);
        var version = metadata.Find("keras_version")?.AsString() ?? "";
        if (
            VersionPattern().Match(version) is not { Success: true } match
            || !int.TryParse(match.Groups[1].ValueSpan, out var minor)
            || minor > NewestMinor
        )
            throw new InvalidFileException(
                file,
                null,
                version.Length == 0 ? "no keras_version" : $"keras_version {InputFile.Quote(version)}",
                $"Keras 3.0 to 3.{NewestMinor}",
                $"load the model and save it with a Keras of these versions (pip install keras==3.{NewestMinor}.*)"
            );
        return DateTime.TryParseExact(
            metadata.Find("date_saved")?.AsString(),
            Format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var savedTime
        )
            ? savedTime
            : new(1980, 1, 1);
    }

    [GeneratedRegex(@"^3\.(\d{1,3})(\.|$)")]
    private static partial Regex VersionPattern();
}
