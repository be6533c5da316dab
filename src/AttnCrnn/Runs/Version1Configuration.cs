using AttnCrnn.IO;
using AttnCrnn.Options;
using AttnCrnn.Training;

namespace AttnCrnn.Runs;

/// <summary>The configurations of runs that release 0.1 started.</summary>
internal static class Version1Configuration
{
    // A file written by hand has a few of these keys; a run's own file has them all.
    private static readonly OptionKey[] Keys =
    [
        OptionKeys.AttentionScale,
        OptionKeys.BatchNorm,
        OptionKeys.Copies,
        OptionKeys.DataFolders,
        OptionKeys.Epochs,
        OptionKeys.Noise,
        OptionKeys.Recipe,
        OptionKeys.Split,
        OptionKeys.WorkFolder,
    ];

    /// <summary>Whether the file is a run's own, in which null is a default of 0.1 and not of this version.</summary>
    public static bool IsComplete(JsonCursor json) => Keys.All(key => json.Find(key.Name) is not null);

    /// <summary>Sets the options that were left to the recipe or the network to the defaults of 0.1.</summary>
    public static OptionValues AddDefaults(OptionValues values)
    {
        var isOriginal = values.Find(OptionKeys.Recipe) is ["original"];
        var recipeDefaults = Version1Defaults.GetRecipeDefaults(isOriginal, values.Find(OptionKeys.Model) is ["v1"]);
        recipeDefaults.Set(OptionKeys.Split, [isOriginal ? "random" : "auto"]);
        return values.WithFallback(recipeDefaults);
    }
}
