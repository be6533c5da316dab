using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// The versions of Keras whose files are read: those of tests/fixtures/keras/versions. A later version may add options
/// that change what a layer computes.
/// </summary>
internal static partial class KerasVersions
{
    /// <summary>The version whose format this program writes.</summary>
    public const string Written = "3.15.1";

    /// <summary>The versions for messages.</summary>
    public const string Supported = "Keras 2.12 to 2.15, or 3.0 to 3.15";

    private const int OldestMinorOf2 = 12;
    private const int NewestMinor = 15; // of both

    /// <exception cref="InvalidFileException">The version is missing, or not supported.</exception>
    /// <param name="file">File for error messages.</param>
    public static void Require(string file, string version)
    {
        if (
            VersionPattern().Match(version) is { Success: true } match
            && int.TryParse(match.Groups[2].ValueSpan, out var minor)
            && minor <= NewestMinor
            && (match.Groups[1].Value != "2" || minor >= OldestMinorOf2)
        )
            return;
        // Keras 3 does not load what Keras 2 saved.
        var package = version.StartsWith("2.", StringComparison.Ordinal)
            ? $"tensorflow==2.{NewestMinor}.*"
            : $"keras==3.{NewestMinor}.*";
        throw new InvalidFileException(
            file,
            null,
            version.Length == 0 ? "no keras_version" : $"keras_version {InputFile.Quote(version)}",
            Supported,
            $"load the model and save it with a Keras of these versions (pip install {package})"
        );
    }

    [GeneratedRegex(@"^([23])\.(\d{1,3})(\.|$)")]
    private static partial Regex VersionPattern();
}
