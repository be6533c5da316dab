using System.Globalization;

namespace AttnCrnn.Runs;

/// <summary>
/// Names of the folders of a working folder, and of the files in them that several parts of the program use.
/// The program and AttnCrnn.Deployment compile this file as well, since they do not see the library's internal types.
/// </summary>
internal static class RunFolders
{
    /// <summary>Folder of the runs' models and checkpoints.</summary>
    public const string Checkpoints = "checkpoints";

    /// <summary>Folder of the runs' text logs and event files.</summary>
    public const string Logs = "logs";

    /// <summary>Folder of the runs' metrics, plots, reports and configurations.</summary>
    public const string Analysis = "analysis_results";

    /// <summary>A run's resolved configuration, in <see cref="Analysis"/>/RUN.</summary>
    public const string Configuration = "config.json";

    /// <summary>A run's report, in <see cref="Analysis"/>/RUN.</summary>
    public const string Report = "report.html";

    /// <summary>
    /// Events of a training, one JSON object per line, in <see cref="Logs"/>/RUN, or in the folder of the fold there.
    /// </summary>
    public const string Progress = "progress.jsonl";

    /// <summary>Link in <see cref="Analysis"/> to the run that was fetched last.</summary>
    public const string Latest = "latest";

    /// <summary>Start of the folds' folder names.</summary>
    public const string FoldPrefix = "fold_";

    /// <summary>Start of the names of the folders of a repeated run's further seeds.</summary>
    public const string SeedPrefix = "seed_";

    /// <summary>Name of the folder of a further seed of a repeated run, in each of the run's folders.</summary>
    public static string GetSeedFolderName(ulong seed) =>
        string.Create(CultureInfo.InvariantCulture, $"{SeedPrefix}{seed}");

    /// <summary>The seed of the name of its folder; null for another folder.</summary>
    public static ulong? ParseSeed(string? name) =>
        name?.StartsWith(SeedPrefix, StringComparison.Ordinal) == true
        && ulong.TryParse(name.AsSpan(SeedPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : null;

    /// <summary>Name of the folder of a fold's models, log or history, in the run's folder.</summary>
    /// <param name="number">Counted from 1.</param>
    public static string GetFoldFolderName(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{FoldPrefix}{number}");

    /// <summary>The number of a fold, from 1, of its folder's name; null for another folder.</summary>
    public static int? ParseFold(string? name) =>
        name?.StartsWith(FoldPrefix, StringComparison.Ordinal) == true
        && int.TryParse(name.AsSpan(FoldPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : null;
}
