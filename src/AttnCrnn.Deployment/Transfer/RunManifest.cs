using AttnCrnn.Deployment.Scripts;
using AttnCrnn.IO;
using AttnCrnn.Runs;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>The files of a remote run with their SHA-256.</summary>
/// <param name="Files">Hash by path relative to the deployment folder.</param>
/// <param name="HasEnded">Whether the run has ended.</param>
internal sealed record RunManifest(IReadOnlyDictionary<string, string> Files, bool HasEnded)
{
    private const int HashLength = 64;

    private static readonly string[] RunParents = [RunFolders.Analysis, RunFolders.Checkpoints, RunFolders.Logs];

    public static Script CreateScript(string folder, string run) => Script.Create("manifest", null, folder, run);

    /// <exception cref="RemoteException">It lists files outside the run's folders.</exception>
    public static RunManifest Parse(string machine, string run, string output)
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        var hasEnded = false;
        foreach (var line in output.Split('\n'))
        {
            if (line.StartsWith("ended=", StringComparison.Ordinal))
                hasEnded = true;
            if (
                line.Length < HashLength + 3
                || !line[..HashLength].All(char.IsAsciiHexDigitLower)
                || line[HashLength] != ' '
            )
                continue;
            var path = line[(HashLength + 2)..];
            var parts = path.Split('/');
            // A remote answer must not address files outside the run's local folders.
            if (
                parts.Length < 3
                || !RunParents.Contains(parts[0])
                || parts[1] != run
                || parts.Any(part => part is "" or "." or "..")
            )
                throw new RemoteException(
                    $"{machine}: its list of {run} contains {path}, which is not a file of the run"
                );
            files[path] = line[..HashLength];
        }
        return new(files, hasEnded);
    }

    /// <summary>The files that are missing locally or differ.</summary>
    public IReadOnlyList<string> FindMissing(string target) =>
        [
            .. Files
                .Where(file => ComputeHashIfExists(Path.Combine(target, file.Key)) != file.Value)
                .Select(file => file.Key),
        ];

    /// <summary>
    /// Whether the local run of that name is a different one, by fingerprint and birth file, which never change, even
    /// if the run is resumed elsewhere.
    /// </summary>
    public bool IsDifferentRun(string run, string target) =>
        ((string[])[$"{RunFolders.Logs}/{run}/fingerprint", GetRunIdFile(run)]).Any(file =>
            Files.TryGetValue(file, out var remoteHash)
            && ComputeHashIfExists(Path.Combine(target, file)) is { } localHash
            && localHash != remoteHash
        );

    /// <summary>
    /// The file with the random number of a deployed run, which distinguishes it from the same training started
    /// elsewhere in the same second.
    /// </summary>
    public static string GetRunIdFile(string run) => $"{RunFolders.Logs}/{run}/birth";

    /// <summary>SHA-256 of a local file, lowercase hexadecimal; null if it does not exist.</summary>
    internal static string? ComputeHashIfExists(string path) => File.Exists(path) ? Sha256.ComputeFile(path) : null;
}
