using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>Where the program for another machine comes from: a folder that the user names, this program itself where it is of that kind, or the clone that it was built in.</summary>
/// <param name="Named">A folder with the program; null: find one.</param>
/// <param name="Own">The folder that this program runs from.</param>
/// <param name="Version">This program's.</param>
public sealed record ProgramSource(string? Named, string Own, string Version)
{
    private const string Solution = "AttnCrnn.slnx",
        Project = "src/AttnCrnn.Cli/AttnCrnn.Cli.csproj";

    /// <summary>Where published programs are kept.</summary>
    public static string Cache =>
        Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "attn-crnn",
            "program"
        );

    /// <summary>The program for a kind of machine, published if need be.</summary>
    /// <param name="kind">linux-x64 or linux-arm64.</param>
    /// <param name="isHere">Whether the machine is this one, where the program runs as it is.</param>
    /// <exception cref="RemoteException">It cannot be had; the message says how else.</exception>
    internal async Task<ProgramPackage> PrepareAsync(
        string kind,
        bool isHere,
        IDeploymentReport report,
        bool rehearse,
        CancellationToken cancellation
    )
    {
        if (Named is { } named)
            return ProgramPackage.In(named, kind);
        var own = Path.Combine(Own, ProgramPackage.Executable);
        if ((isHere || ProgramPackage.IsSelfContained(Own)) && File.Exists(own) && ProgramPackage.KindOf(own) == kind)
            return ProgramPackage.In(Own, kind);
        if (CloneAround() is not { } clone)
            throw new RemoteException(
                $"this program is not made for {kind} and not run from a clone: publish one (dotnet publish {Project} -c Release -r {kind} --self-contained -o DIR) and name it with --program DIR"
            );
        var folder = Path.Combine(Cache, $"{Version}-{kind}-{DataFolder.Hash(clone)[..8]}");
        if (IsCurrent(clone, folder))
            return ProgramPackage.In(folder, kind);
        var publish = PublishOf(clone, kind, folder);
        if (rehearse)
        {
            report.Show(publish.ToString());
            return ProgramPackage.ToBe(folder, kind);
        }
        report.Info($"building the program for {kind}, a minute or two: {publish}");
        await PublishAsync(clone, kind, folder, publish, cancellation).ConfigureAwait(false);
        return ProgramPackage.In(folder, kind);
    }

    // A folder and a lock file of its own: the clone's builds and its locked packages are not touched.
    private static ProgramCall PublishOf(string clone, string kind, string folder) =>
        new(
            "dotnet",
            [
                "publish",
                Path.Combine(clone, Project),
                "-c",
                "Release",
                "-r",
                kind,
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
        string kind,
        string folder,
        ProgramCall publish,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(Cache);
        // Two deployments that publish at once would write over each other: the second waits, and finds the first one's work.
        await using var mine = await WaitForAsync(folder + ".lock", cancellation).ConfigureAwait(false);
        if (IsCurrent(clone, folder))
            return;
        var began = DateTime.UtcNow;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        await using var dotnet = ChildProcess.Start(publish);
        var printed = await dotnet.ReadToEndAsync(cancellation).ConfigureAwait(false);
        var (code, error) = await dotnet.EndAsync(cancellation).ConfigureAwait(false);
        if (code != 0)
            throw new RemoteException(
                $"the program for {kind} could not be built ({publish}): {Machine.OneLine(printed + error)}; publish it where there is a network, and name the folder with --program"
            );
        // The stamp carries the time the build began: a file saved meanwhile is newer.
        await File.WriteAllTextAsync(folder + ".stamp", clone + "\n", cancellation).ConfigureAwait(false);
        File.SetLastWriteTimeUtc(folder + ".stamp", began);
    }

    private static async Task<FileStream> WaitForAsync(string path, CancellationToken cancellation)
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

    private string? CloneAround()
    {
        for (var folder = new DirectoryInfo(Own); folder is not null; folder = folder.Parent)
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
        var built = File.GetLastWriteTimeUtc(folder + ".stamp");
        return Sources(clone).All(file => file.LastWriteTimeUtc <= built);
    }

    private static IEnumerable<FileSystemInfo> Sources(string clone) =>
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
