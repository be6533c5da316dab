using System.Collections.Frozen;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Names of subsets in tables.</summary>
internal static class ManifestSplit
{
    /// <summary>Values for messages.</summary>
    public const string Expected = "train, val (or dev) or test";

    private static readonly FrozenDictionary<string, Subset> Words = new Dictionary<string, Subset>
    {
        ["train"] = Subset.Train,
        ["training"] = Subset.Train,
        ["val"] = Subset.Validation,
        ["valid"] = Subset.Validation,
        ["validation"] = Subset.Validation,
        ["dev"] = Subset.Validation,
        ["devel"] = Subset.Validation,
        ["development"] = Subset.Validation,
        ["test"] = Subset.Test,
        ["testing"] = Subset.Test,
        ["eval"] = Subset.Test,
        ["evaluation"] = Subset.Test,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The subset that a word names, in tables and in the names of folders and files; null: none.</summary>
    public static Subset? Find(string word) => Words.TryGetValue(word, out var subset) ? subset : null;

    /// <summary>The subset; null for an empty cell, a missing value, and for the further test sets.</summary>
    /// <exception cref="FormatException">The cell is not a subset.</exception>
    public static Subset? Parse(string cell) =>
        FindInCell(cell) is var subset && (subset is not null || IsWithoutSubset(cell))
            ? subset
            : throw new FormatException($"split '{cell}'");

    /// <summary>Whether the cell can be parsed.</summary>
    public static bool IsValid(string cell) => FindInCell(cell) is not null || IsWithoutSubset(cell);

    /// <summary>
    /// Whether the cell names one of MSP-Podcast's further test sets, which share speakers with Test1 or have no
    /// labels.
    /// </summary>
    public static bool IsFurtherTest(string cell) => NameText.GetKey(cell) is "test2" or "test3";

    private static Subset? FindInCell(string cell) =>
        NameText.GetKey(cell) switch
        {
            "tr" => Subset.Train, // in the name of a folder, Turkish
            "test1" => Subset.Test,
            var key => Find(key),
        };

    private static bool IsWithoutSubset(string cell) => IsFurtherTest(cell) || MissingValue.Matches(cell);
}
