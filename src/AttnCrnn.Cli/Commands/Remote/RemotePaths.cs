using AttnCrnn.IO;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>
/// Maps the remote paths in the configuration of a fetched run to the local paths from which they were uploaded. A file
/// beside the configuration records these.
/// </summary>
internal static class RemotePaths
{
    public const string FileName = "deployed.json";

    /// <summary>Replaces paths that do not exist by the paths from which they were uploaded, if these exist.</summary>
    /// <param name="values">The options of a run.</param>
    /// <param name="origin">The file with the local paths; it may be missing.</param>
    public static OptionValues MapToLocal(OptionValues values, string origin)
    {
        if (!File.Exists(origin))
            return values;
        var recordedPaths = RunConfigurationFile.ReadObject(origin);
        var localPaths = new OptionValues();
        if (values.Find(OptionKeys.Init) is [var initial])
            localPaths.Set(OptionKeys.Init, [FindLocal(initial, recordedPaths.Find("init"), File.Exists)]);
        if (values.Find(OptionKeys.DataFolders) is { } folders)
            localPaths.Set(
                OptionKeys.DataFolders,
                [.. folders.Select(folder => FindLocal(folder, recordedPaths.Find("data_dirs"), Directory.Exists))]
            );
        return localPaths.WithFallback(values);
    }

    private static string FindLocal(string remotePath, JsonCursor? origins, Func<string, bool> exists) =>
        !exists(remotePath) && origins?.Find(remotePath)?.AsText() is { } localPath && exists(localPath)
            ? localPath
            : remotePath;
}
