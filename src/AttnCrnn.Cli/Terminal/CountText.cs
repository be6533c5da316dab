using System.Globalization;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Numbers of things, for messages.</summary>
internal static class CountText
{
    /// <summary><c>1 clip</c>, <c>2 clips</c>.</summary>
    /// <param name="noun">Singular, with a regular plural.</param>
    public static string Format(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
