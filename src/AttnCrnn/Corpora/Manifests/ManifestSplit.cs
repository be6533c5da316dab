using AttnCrnn.Corpora.Splits;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Manifests;

/// <summary>Names of subsets in tables.</summary>
internal static class ManifestSplit
{
    /// <summary>Values for messages.</summary>
    public const string Expected = "train, val (or dev) or test";

    /// <summary>The subset; null for an empty cell, a missing value, and for the further test sets.</summary>
    /// <exception cref="FormatException">The cell is not a subset.</exception>
    public static Subset? Parse(string cell) =>
        NameText.GetKey(cell) switch
        {
            "train" or "training" or "tr" => Subset.Train,
            "val" or "valid" or "validation" or "dev" or "devel" or "development" => Subset.Validation,
            "test" or "testing" or "eval" or "evaluation" or "test1" => Subset.Test,
            _ => IsFurtherTest(cell) || MissingValue.Matches(cell)
                ? null
                : throw new FormatException($"split '{cell}'"),
        };

    /// <summary>
    /// Whether the cell names one of MSP-Podcast's further test sets, which share speakers with Test1 or have no
    /// labels.
    /// </summary>
    public static bool IsFurtherTest(string cell) => NameText.GetKey(cell) is "test2" or "test3";
}
