namespace AttnCrnn.Runs;

/// <summary>
/// The name <c>latest</c> for the run that was fetched last: <c>fetch</c> makes a link of this name to its folder of
/// results.
/// </summary>
internal static class LatestRun
{
    /// <summary>Replaces the name <c>latest</c> by the name of the run.</summary>
    /// <returns>Any other name, or a file or run that is called <c>latest</c>, unchanged.</returns>
    /// <exception cref="InvalidInputException">There is no link, or its run is not in the working folder.</exception>
    public static string Resolve(string workFolder, string runOrFile)
    {
        const string name = RunFolders.Latest;
        if (runOrFile != name || Path.Exists(name) || Directory.Exists(new RunDirectory(workFolder, name).Checkpoints))
            return runOrFile;
        var link = new FileInfo(Path.Combine(workFolder, RunFolders.Analysis, name));
        if (link.LinkTarget is not { } target)
            throw new InvalidInputException(
                name,
                $"there is no link {link.FullName}, made when a run is downloaded from another machine; "
                    + $"download a run, or give the name of a run{RunDirectory.DescribeLatestRuns(workFolder)}"
            );
        var run = Path.GetFileName(target.TrimEnd('/'));
        var checkpoints = new RunDirectory(workFolder, run).Checkpoints;
        return Directory.Exists(checkpoints)
            ? run
            : throw new InvalidInputException(
                name,
                $"the link {link.FullName} is to the run {run}, whose folder {checkpoints} is missing; "
                    + $"download it again, or give the name of another run{RunDirectory.DescribeLatestRuns(workFolder)}"
            );
    }
}
