namespace AttnCrnn.Models;

/// <summary>How features are normalized to mean 0 and standard deviation 1.</summary>
public enum NormalizationMode
{
    /// <summary>Over the training set.</summary>
    Corpus,

    /// <summary>
    /// Over all clips of the clip's speaker, test clips included, which makes the evaluation transductive.
    /// </summary>
    Speaker,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>The names of the modes in options, models and exported files.</summary>
public static class NormalizationModes
{
    /// <summary>All modes by name, in the order of the help.</summary>
    internal static (string Name, NormalizationMode Mode)[] All { get; } =
    [("corpus", NormalizationMode.Corpus), ("speaker", NormalizationMode.Speaker), ("none", NormalizationMode.None)];

    /// <summary>The mode of a name; null if there is none.</summary>
    internal static NormalizationMode? Find(string name) =>
        Array.Find(All, entry => entry.Name == name) is { Name: not null } found ? found.Mode : null;

    /// <summary>The name of a mode.</summary>
    public static string Format(NormalizationMode mode) => Array.Find(All, entry => entry.Mode == mode).Name;
}
