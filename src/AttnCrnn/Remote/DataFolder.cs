using System.Security.Cryptography;
using System.Text;

namespace AttnCrnn.Remote;

/// <summary>A folder of features here, and the name it gets there.</summary>
public sealed record DataFolder
{
    private const int LongestName = 40;

    /// <summary>Takes a folder here.</summary>
    /// <param name="path">Of the folder here.</param>
    /// <exception cref="RemoteRefusedException">There is none.</exception>
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path).TrimEnd('/');
        if (!Directory.Exists(Path)) throw new RemoteRefusedException($"--data_dirs {path}: no such folder here");
        // Two folders of one name must not meet there, and whatever a name holds, the one there is plain.
        var name = new string([.. System.IO.Path.GetFileName(Path).Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_').Take(LongestName)]);
        RemoteName = $"data/{name}-{Hash($"{Environment.MachineName}:{Path}")[..8]}";
    }

    /// <summary>Absolute, here.</summary>
    public string Path { get; }

    /// <summary>Within the machine's folder.</summary>
    public string RemoteName { get; }

    /// <summary>Changes when a file comes, goes, or is written.</summary>
    public string Identity()
    {
        var text = new StringBuilder();
        foreach (var file in new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).OrderBy(file => file.FullName, StringComparer.Ordinal))
            text.Append(System.IO.Path.GetRelativePath(Path, file.FullName)).Append('\0').Append(file.Length).Append('\0').Append(file.LastWriteTimeUtc.Ticks).Append('\0');
        return Hash(text.ToString());
    }

    internal static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
