using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>Subsets in the names of folders, sets and tables: <c>train</c>, <c>my-dev</c>, <c>test_clean</c>.</summary>
internal static class SubsetNames
{
    private static readonly char[] Separators = ['-', '.', '_', ' '];

    /// <summary>
    /// The subset whose word is part of a name; null if there is none, or more than one. <c>train_dev</c> of Kaldi's
    /// recipes is the validation set: it is held out from the training set.
    /// </summary>
    public static Subset? Find(string name)
    {
        var found = name.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
            .Select(part => part.TrimEnd("0123456789".ToCharArray()))
            .Select(ManifestSplit.Find)
            .OfType<Subset>()
            .ToHashSet();
        if (found.SetEquals([Subset.Train, Subset.Validation]))
            return Subset.Validation;
        return found.Count == 1 ? found.Single() : null;
    }

    /// <summary>The subset of the first folder of a relative path whose name has one; null: none has.</summary>
    /// <param name="path">Relative path of a file, with slashes.</param>
    public static Subset? FindInFolders(string path) =>
        path.Split('/').SkipLast(1).Select(Find).FirstOrDefault(subset => subset is not null);

    /// <summary>Numbers of clips of the subsets, for notices; empty if no clip is in one.</summary>
    public static string Count(IReadOnlyCollection<Clip> clips)
    {
        if (clips.All(clip => clip.Split is null))
            return "";
        var counts = new[] { Subset.Train, Subset.Validation, Subset.Test }.Select(subset =>
            $"{Manifest.GetName(subset)} {clips.Count(clip => clip.Split == subset)}"
        );
        var outside = clips.Count(clip => clip.Split is null);
        return $"{string.Join(", ", counts)}{(outside > 0 ? $", none {outside}" : "")}";
    }
}
