using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>The deployment folder on a machine: used by attn-crnn alone, and identified by a marker file.</summary>
public static class RemoteFolder
{
    /// <summary>The default, in the home folder.</summary>
    public const string Default = "attn_crnn_v2";

    /// <summary>Normalizes a path: absolute, or relative to the remote home folder.</summary>
    /// <exception cref="InvalidRemoteRequestException">
    /// The path is, or might be, the root or the home folder.
    /// </exception>
    public static string Normalize(string path)
    {
        var text =
            path == "~" ? ""
            : path.StartsWith("~/", StringComparison.Ordinal) ? path[2..]
            : path;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (parts.Count == 0)
            throw new InvalidRemoteRequestException(
                OptionText.Create(
                    $"{RemoteOptionKeys.Dir} '{path}': the root or the home folder cannot be used; choose a folder in "
                        + $"it, for example {Default}"
                )
            );
        if (parts.Contains(".."))
            throw new InvalidRemoteRequestException(
                OptionText.Create(
                    $"{RemoteOptionKeys.Dir} '{path}': .. is not allowed in a remote path; write the path without it"
                )
            );
        if (parts[0][0] == '~')
            throw new InvalidRemoteRequestException(
                OptionText.Create($"{RemoteOptionKeys.Dir} '{path}': another user's home folder cannot be used")
            );
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new InvalidRemoteRequestException(
                OptionText.Create($"{RemoteOptionKeys.Dir}: the name contains a zero byte")
            );
        return (text.StartsWith('/') ? "/" : "") + string.Join('/', parts);
    }

    /// <summary>The absolute path.</summary>
    /// <param name="normalized">From <see cref="Normalize"/>.</param>
    public static string MakeAbsolute(string normalized, string home) =>
        normalized[0] == '/' ? normalized : $"{home.TrimEnd('/')}/{normalized}";

    /// <exception cref="InvalidRemoteRequestException">The folder cannot be used for deployments.</exception>
    internal static void RequireUsable(string machine, string folder, FolderState state)
    {
        var problem = state switch
        {
            FolderState.Protected => OptionText.Create(
                $"resolves to the root or the home folder; choose a folder for deployments with {RemoteOptionKeys.Dir}"
            ),
            FolderState.Unmarked => OptionText.Create(
                $"is not empty and has no marker file (.attn-crnn), so it was not created by attn-crnn; "
                    + $"choose an empty or a new folder with {RemoteOptionKeys.Dir}"
            ),
            FolderState.File => OptionText.Create(
                $"is not a folder, or is below a file; choose another with {RemoteOptionKeys.Dir}"
            ),
            FolderState.Dangling => OptionText.Create(
                $"is, or is below, a symbolic link to a missing folder (an unmounted disk?); "
                    + $"create that folder, remove the link, or choose another with {RemoteOptionKeys.Dir}"
            ),
            FolderState.NoExec => OptionText.Create(
                $"is on a file system that is mounted with noexec, so that the program cannot be run there; "
                    + $"choose a folder on another with {RemoteOptionKeys.Dir}"
            ),
            FolderState.ReadOnly => OptionText.Create(
                $"cannot be written; choose another folder with {RemoteOptionKeys.Dir}, or change its permissions"
            ),
            _ => null,
        };
        if (problem is not null)
            throw new InvalidRemoteRequestException(OptionText.Create($"{machine}: {folder} {problem}"));
    }
}
