using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Commands of this program in messages, which users can paste into a shell in the current folder.</summary>
internal static class PrintedCommand
{
    /// <summary>A command, quoted for a shell.</summary>
    /// <param name="arguments">The command's name, and its arguments, not quoted.</param>
    public static string Format(params IEnumerable<string> arguments)
    {
        var words = ProgramName.Current;
        return new ProgramCall(words[0], [.. words.Skip(1), .. arguments]).ToString();
    }

    /// <summary>The command that resumes a run.</summary>
    /// <param name="workFolder">Absolute path of the working folder.</param>
    /// <param name="arguments">Further arguments of train.</param>
    public static string FormatResume(string workFolder, string run, params IEnumerable<string> arguments) =>
        Format(["train", "--resume", run, .. FormatWorkFolder(workFolder, Environment.CurrentDirectory), .. arguments]);

    /// <summary>The option of a working folder; nothing for the current folder, which is the default.</summary>
    /// <param name="workFolder">Absolute path.</param>
    internal static IReadOnlyList<string> FormatWorkFolder(string workFolder, string currentFolder)
    {
        var relative = Path.GetRelativePath(currentFolder, workFolder);
        return relative == "." ? []
            : relative.StartsWith("..", StringComparison.Ordinal) ? ["--workdir", workFolder]
            : ["--workdir", relative];
    }
}
