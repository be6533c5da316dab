using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>The folder on the machine in which runs are kept: ours alone, known by a marker file in it.</summary>
public static class RemoteFolder
{
    /// <summary>What it is called where nobody says: in the home folder.</summary>
    public const string Default = "attn_crnn_v2";

    /// <summary>The folder as the machine should take it: absolute, or relative to the home folder there.</summary>
    /// <exception cref="RemoteRefusedException">It is the root or the home folder, or might be.</exception>
    public static string Clean(string given)
    {
        var text =
            given == "~" ? ""
            : given.StartsWith("~/", StringComparison.Ordinal) ? given[2..]
            : given;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (parts.Count == 0)
            throw new RemoteRefusedException(
                $"--dir '{given}': the root or the home folder is never used as a whole; name a folder in it, as in {Default}"
            );
        if (parts.Contains(".."))
            throw new RemoteRefusedException(
                $"--dir '{given}': .. is not followed on another machine; name the folder itself"
            );
        if (parts[0][0] == '~')
            throw new RemoteRefusedException($"--dir '{given}': another user's home folder is not ours");
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new RemoteRefusedException("--dir: a name cannot hold a zero byte");
        return (text.StartsWith('/') ? "/" : "") + string.Join('/', parts);
    }

    /// <summary>Where it is.</summary>
    /// <param name="clean">As <see cref="Clean"/> gives it.</param>
    public static string Absolute(string clean, string home) =>
        clean[0] == '/' ? clean : $"{home.TrimEnd('/')}/{clean}";

    /// <exception cref="RemoteRefusedException">What stands there is not to be touched.</exception>
    internal static void Require(string machine, string folder, FolderState state)
    {
        var fault = state switch
        {
            FolderState.Protected =>
                "is the root or the home folder by another name; name a folder of its own with --dir",
            FolderState.Other =>
                "has files in it and no marker of ours (.attn-crnn), so it is somebody else's; name an empty or a new folder with --dir",
            FolderState.File => "is no folder, or a part of its path is none; name another with --dir",
            FolderState.Dangling =>
                "is, or has on its way, a symbolic link to a folder that is not there (a disk that is not mounted?); make that folder, remove the link, or name another with --dir",
            FolderState.ReadOnly => "cannot be written; name another folder with --dir, or have its owner change it",
            _ => null,
        };
        if (fault is not null)
            throw new RemoteRefusedException($"{machine}: {folder} {fault}");
    }
}
