using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Python writes a missing number as NaN, which is not JSON.</summary>
internal static partial class JsonNaN
{
    /// <summary>Whether there is NaN, also within a string.</summary>
    public static bool Find(string text) => text.Contains("NaN", StringComparison.Ordinal);

    /// <summary>The text with an empty string for each NaN outside of strings; its length stays.</summary>
    public static string Replace(string text) =>
        Token().Replace(text, match => match.Value == "NaN" ? "\"\" " : match.Value);

    // A whole string, so that NaN in it is not found; or NaN.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|\bNaN\b", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Token();
}
