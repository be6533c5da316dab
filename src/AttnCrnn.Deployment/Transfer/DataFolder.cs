using System.Text;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>
/// A local feature folder and its remote name. The name contains a hash of the contents, since a run may still need an
/// earlier upload.
/// </summary>
public sealed record DataFolder
{
    private const int MaxNameLength = 40;
    private const int HashDigits = 8;

    /// <summary>Computes the remote name of a local folder.</summary>
    /// <exception cref="InvalidRemoteRequestException">The folder does not exist.</exception>
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path).TrimEnd('/');
        if (!Directory.Exists(Path))
            throw new InvalidRemoteRequestException(
                OptionText.Create($"{OptionKeys.DataFolders} {path}: folder not found on this machine")
            );
        // Folders of equal name must not collide on the machine; the remote name is plain ASCII.
        var name = new string([
            .. System
                .IO.Path.GetFileName(Path)
                .Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_')
                .Take(MaxNameLength),
        ]);
        RemotePrefix = $"data/{name}-{Sha256.Compute($"{Environment.MachineName}:{Path}")[..HashDigits]}";
        Identity = ComputeIdentity();
        RemoteName = $"{RemotePrefix}-{Identity[..HashDigits]}";
    }

    /// <summary>The absolute local path.</summary>
    public string Path { get; }

    /// <summary>Relative to the deployment folder.</summary>
    public string RemoteName { get; }

    /// <summary>A hash that changes when a file is added, removed or written.</summary>
    public string Identity { get; }

    /// <summary>The remote name without the hash of the contents.</summary>
    internal string RemotePrefix { get; }

    /// <summary>Whether a remote folder was uploaded from this one with different contents.</summary>
    /// <param name="name">Relative to the deployment folder.</param>
    internal bool IsOlderVersion(string name) =>
        name != RemoteName && (name == RemotePrefix || name.StartsWith(RemotePrefix + "-", StringComparison.Ordinal));

    private string ComputeIdentity()
    {
        var text = new StringBuilder();
        foreach (
            var file in new DirectoryInfo(Path)
                .EnumerateFiles("*", SearchOption.AllDirectories)
                .OrderBy(file => file.FullName, StringComparer.Ordinal)
        )
            text.Append(System.IO.Path.GetRelativePath(Path, file.FullName))
                .Append('\0')
                .Append(file.Length)
                .Append('\0')
                .Append(file.LastWriteTimeUtc.Ticks)
                .Append('\0');
        return Sha256.Compute(text.ToString());
    }
}
