using System.Globalization;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>An archive's metadata.json: the Keras version and the time of saving.</summary>
internal static class KerasMetadata
{
    /// <summary>The time of saving of a file that does not say it.</summary>
    public static readonly DateTime UnknownTime = new(1980, 1, 1);

    private const string Format = "yyyy-MM-dd@HH:mm:ss";

    public static byte[] Write(DateTime savedTime)
    {
        var date = savedTime.ToString(Format, CultureInfo.InvariantCulture);
        return Encoding.UTF8.GetBytes($$"""{"keras_version": "{{KerasVersions.Written}}", "date_saved": "{{date}}"}""");
    }

    /// <summary>Reads the time of saving; 1980 if missing or malformed.</summary>
    /// <exception cref="InvalidFileException">Not saved by a supported version of Keras.</exception>
    public static DateTime Read(string file, byte[] json)
    {
        var metadata = new JsonSource(
            file,
            "the metadata of a model that Keras saved",
            "download the file again"
        ).Parse(json);
        KerasVersions.Require(file, metadata.Find("keras_version")?.AsString() ?? "");
        return DateTime.TryParseExact(
            metadata.Find("date_saved")?.AsString(),
            Format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out var savedTime
        )
            ? savedTime
            : UnknownTime;
    }
}
