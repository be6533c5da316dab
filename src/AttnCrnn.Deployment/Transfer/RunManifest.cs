using System.Security.Cryptography;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>The files of a run with the SHA-256 that they have there.</summary>
/// <param name="Files">Hash by path, relative to the folder of all runs.</param>
/// <param name="HasEnded">Whether the run writes no more.</param>
internal sealed record RunManifest(IReadOnlyDictionary<string, string> Files, bool HasEnded)
{
    private const int HashLength = 64;

    private static readonly string[] Parts = ["analysis_results", "checkpoints", "logs"];

    public static Script ScriptFor(string folder, string run) => Script.Create("manifest", null, folder, run);

    /// <exception cref="RemoteException">It names files that are not the run's.</exception>
    public static RunManifest Parse(string machine, string run, string printed)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var ended = false;
        foreach (var line in printed.Split('\n'))
        {
            if (line.StartsWith("ended=", StringComparison.Ordinal))
                ended = true;
            if (
                line.Length < HashLength + 3
                || !line[..HashLength].All(char.IsAsciiHexDigitLower)
                || line[HashLength] != ' '
            )
                continue;
            var path = line[(HashLength + 2)..];
            var parts = path.Split('/');
            // What another machine says must not reach beyond the run's own folders here.
            if (
                parts.Length < 3
                || !Parts.Contains(parts[0])
                || parts[1] != run
                || parts.Any(part => part is "" or "." or "..")
            )
                throw new RemoteException(
                    $"{machine}: its list of {run} names {path}, which is none of the run's files"
                );
            files[path] = line[..HashLength];
        }
        return new(files, ended);
    }

    /// <summary>The files that are not here with the same bytes.</summary>
    public IReadOnlyList<string> MissingIn(string target) =>
        [.. Files.Where(file => HashOf(Path.Combine(target, file.Key)) != file.Value).Select(file => file.Key)];

    /// <summary>Whether the run of that name here is another one, by what both keep of what they were asked to do and of their beginning: none of it changes, wherever the run goes on.</summary>
    public bool IsOtherRun(string run, string target) =>
        ((string[])[$"logs/{run}/fingerprint", Birth(run)]).Any(file =>
            Files.TryGetValue(file, out var there) && HashOf(Path.Combine(target, file)) is { } here && here != there
        );

    /// <summary>The file with the random number that a deployed run is given once: the same training in the same second elsewhere has another.</summary>
    public static string Birth(string run) => $"logs/{run}/birth";

    /// <summary>SHA-256 of a file here, in lower case; null where there is none.</summary>
    internal static string? HashOf(string path)
    {
        if (!File.Exists(path))
            return null;
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
