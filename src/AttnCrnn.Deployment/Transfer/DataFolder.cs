using System.Security.Cryptography;
using System.Text;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>A folder of features here as it is now, and the name it gets there: other contents get another, since a run may still need what was uploaded before.</summary>
public sealed record DataFolder
{
    private const int MaxNameLength = 40,
        HashDigits = 8;

    private readonly string identity;

    /// <summary>Takes a folder here.</summary>
    /// <param name="path">Of the folder here.</param>
    /// <exception cref="RemoteRefusedException">There is none.</exception>
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path).TrimEnd('/');
        if (!Directory.Exists(Path))
            throw new RemoteRefusedException($"--data_dirs {path}: no such folder here");
        // Two folders of one name must not meet there, and whatever a name holds, the one there is plain.
        var name = new string([
            .. System
                .IO.Path.GetFileName(Path)
                .Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_')
                .Take(MaxNameLength),
        ]);
        Source = $"data/{name}-{Hash($"{Environment.MachineName}:{Path}")[..HashDigits]}";
        identity = Identify();
        RemoteName = $"{Source}-{identity[..HashDigits]}";
    }

    /// <summary>Absolute, here.</summary>
    public string Path { get; }

    /// <summary>Within the machine's folder.</summary>
    public string RemoteName { get; }

    /// <summary>Changes when a file comes, goes, or is written.</summary>
    public string Identity() => identity;

    /// <summary>What the names there of all that this folder has ever held begin with.</summary>
    internal string Source { get; }

    /// <summary>Whether a folder there was uploaded from this one, with other contents.</summary>
    /// <param name="name">Within the machine's folder.</param>
    internal bool IsEarlier(string name) =>
        name != RemoteName && (name == Source || name.StartsWith(Source + "-", StringComparison.Ordinal));

    private string Identify()
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
        return Hash(text.ToString());
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
