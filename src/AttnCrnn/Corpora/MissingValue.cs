using System.Collections.Frozen;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora;

/// <summary>The words with which programs write that a value is missing.</summary>
internal static class MissingValue
{
    private static readonly FrozenSet<string> Words = (
        (string[])["", "nan", "nat", "na", "n/a", "#n/a", "<na>", "none", "null"]
    ).ToFrozenSet();

    private static readonly FrozenSet<string> Unknown = ((string[])["unknown", "unk", "<unk>", "-", "?"]).ToFrozenSet();

    /// <summary>Whether a cell is empty, or NaN, NaT, NA, None or null in any case.</summary>
    public static bool Matches(string cell) => cell.Length == 0 || Words.Contains(NameText.GetKey(cell));

    /// <summary>Whether a label or the name of a speaker is a missing value, or says that it is unknown.</summary>
    public static bool MatchesName(string name) => Matches(name) || Unknown.Contains(NameText.GetKey(name));
}
