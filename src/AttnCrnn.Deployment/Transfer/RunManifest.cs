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

    /// <exception cref="RemoteException">The output lists files outside the run's folders.</exception>
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
            // Remote output must not address files outside the run's local folders.
            if (
                parts.Length < 3
                || !RunParents.Contains(parts[0])
                || parts[1] != run
                || parts.Any(part => part is "" or "." or "..")
            )
                throw new RemoteException(
                    $"{machine}: the list of files of {run} contains {path}, which is outside the run's folders"
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
    /// Whether the local run of that name is a different run: fingerprint and run ID differ. They never change, even if
    /// the run is resumed on another machine.
    /// </summary>
    public bool IsDifferentRun(string run, string target) =>
        ((string[])[$"{RunFolders.Logs}/{run}/fingerprint", GetRunIdFile(run)]).Any(file =>
            Files.TryGetValue(file, out var remoteHash)
            && ComputeHashIfExists(Path.Combine(target, file)) is { } localHash
            && localHash != remoteHash
        );

    /// <summary>
    /// The file with the random ID of a deployed run, which distinguishes it from the same training started on another
    /// machine in the same second.
    /// </summary>
    public static string GetRunIdFile(string run) => $"{RunFolders.Logs}/{run}/birth";

    /// <summary>SHA-256 of a local file, lowercase hexadecimal; null if it does not exist.</summary>
    internal static string? ComputeHashIfExists(string path) => File.Exists(path) ? Sha256.ComputeFile(path) : null;
}
