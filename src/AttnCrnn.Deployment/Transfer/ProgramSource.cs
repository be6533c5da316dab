using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.IO;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>
/// Provides the program for another machine: from the user's folder, from this program itself if its runtime identifier
/// matches, or by publishing the clone that this program was built in.
/// </summary>
/// <param name="UserFolder">The user's folder with the program, or null.</param>
/// <param name="RunningFolder">The folder that this program runs from.</param>
/// <param name="Version">This program's version.</param>
public sealed record ProgramSource(string? UserFolder, string RunningFolder, string Version)
{
    private const string Solution = "AttnCrnn.slnx";
    private const string Project = "src/AttnCrnn.Cli/AttnCrnn.Cli.csproj";

    /// <summary>The cache folder of published programs.</summary>
    public static string Cache =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "attn-crnn",
            "program"
        );

    /// <summary>Finds the program for a runtime identifier, or publishes it.</summary>
    /// <param name="runtimeIdentifier">linux-x64 or linux-arm64.</param>
    /// <param name="isLocal">
    /// Whether the target is this machine, on which a framework-dependent program also runs.
    /// </param>
    /// <exception cref="RemoteException">The program cannot be found or built.</exception>
    internal async Task<ProgramPackage> PrepareAsync(
        string runtimeIdentifier,
        bool isLocal,
        IDeploymentReport report,
        bool dryRun,
        CancellationToken cancellation
    )
    {
        if (UserFolder is { } userFolder)
            return ProgramPackage.Open(userFolder, runtimeIdentifier);
        var runningProgram = Path.Combine(RunningFolder, ProgramPackage.Executable);
        var canRunOnTarget = isLocal || ProgramPackage.IsSelfContained(RunningFolder);
        if (
            canRunOnTarget
            && File.Exists(runningProgram)
            && ProgramPackage.DetectRuntimeIdentifier(runningProgram) == runtimeIdentifier
        )
            return ProgramPackage.Open(RunningFolder, runtimeIdentifier);
        if (FindClone() is not { } clone)
            throw new RemoteException(
                OptionText.Create(
                    $"this program is not built for {runtimeIdentifier} and does not run from a clone: publish it "
                        + $"(dotnet publish {Project} -c Release -r {runtimeIdentifier} --self-contained -o DIR) "
                        + $"and choose the folder with {RemoteOptionKeys.Program} DIR"
                )
            );
        var folder = Path.Combine(Cache, $"{Version}-{runtimeIdentifier}-{Sha256.Compute(clone)[..8]}");
        if (IsCurrent(clone, folder))
            return ProgramPackage.Open(folder, runtimeIdentifier);
        var publish = CreatePublishCall(clone, runtimeIdentifier, folder);
        if (dryRun)
        {
            report.ShowCommand(publish.ToString());
            return ProgramPackage.CreatePlaceholder(folder, runtimeIdentifier);
        }
        report.WriteMessage(
            $"building the program for {runtimeIdentifier}, which takes a minute or two, by\n{publish}"
        );
        await PublishAsync(clone, runtimeIdentifier, folder, publish, cancellation).ConfigureAwait(false);
        return ProgramPackage.Open(folder, runtimeIdentifier);
    }

    // With separate artifacts and lock file, so that the clone's builds and locked packages remain unchanged.
    private static ProgramCall CreatePublishCall(string clone, string runtimeIdentifier, string folder) =>
        new(
            "dotnet",
            [
                "publish",
                Path.Combine(clone, Project),
                "-c",
                "Release",
                "-r",
                runtimeIdentifier,
                "--self-contained",
                "-o",
                folder,
                "--artifacts-path",
                folder + ".build",
                $"-p:NuGetLockFilePath={folder}.build/packages.lock.json",
                "-nodeReuse:false",
                "-v",
                "quiet",
            ]
        );

    private static async Task PublishAsync(
        string clone,
        string runtimeIdentifier,
        string folder,
        ProgramCall publish,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(Cache);
        // Concurrent deployments would overwrite each other's output: the second waits and uses the output of the
        // first.
        await using var lockFile = await OpenLockAsync(folder + ".lock", cancellation).ConfigureAwait(false);
        if (IsCurrent(clone, folder))
            return;
        var start = DateTime.UtcNow;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await using var dotnet = ChildProcess.Start(publish);
        var output = await dotnet.ReadToEndAsync(cancellation).ConfigureAwait(false);
        var (code, error) = await dotnet.EndAsync(cancellation).ConfigureAwait(false);
        if (code != 0)
            throw new RemoteException(
                OptionText.Create(
                    $"building the program for {runtimeIdentifier} failed ({publish}): "
                        + $"{Machine.JoinLines(output + error)}; publish it on a machine with network access, "
                        + $"and choose the folder with {RemoteOptionKeys.Program}"
                )
            );
        // The stamp's time is the start of the build: a source saved during the build is newer.
        await File.WriteAllTextAsync(folder + ".stamp", clone + "\n", cancellation).ConfigureAwait(false);
        File.SetLastWriteTimeUtc(folder + ".stamp", start);
    }

    private static async Task<FileStream> OpenLockAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(500, cancellation).ConfigureAwait(false);
            }
        }
    }

    private string? FindClone()
    {
        for (var folder = new DirectoryInfo(RunningFolder); folder is not null; folder = folder.Parent)
            if (
                File.Exists(Path.Combine(folder.FullName, Solution))
                && File.Exists(Path.Combine(folder.FullName, Project))
            )
                return folder.FullName;
        return null;
    }

    private static bool IsCurrent(string clone, string folder)
    {
        if (!File.Exists(Path.Combine(folder, ProgramPackage.Executable)) || !File.Exists(folder + ".stamp"))
            return false;
        var buildTime = File.GetLastWriteTimeUtc(folder + ".stamp");
        return FindSources(clone).All(file => file.LastWriteTimeUtc <= buildTime);
    }

    private static IEnumerable<FileSystemInfo> FindSources(string clone) =>
        new DirectoryInfo(clone)
            .EnumerateFiles("Directory.*.props")
            .Concat(
                new DirectoryInfo(Path.Combine(clone, "src"))
                    .EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
                    .Where(file =>
                        !Path.GetRelativePath(clone, file.FullName).Split('/').Any(part => part is "bin" or "obj")
                    )
            );
}
