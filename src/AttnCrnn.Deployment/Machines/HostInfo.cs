using System.Globalization;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>The properties of a machine that are relevant for a run.</summary>
public sealed record HostInfo
{
    /// <summary>The kernel, by <c>uname -s</c>: Linux, Darwin.</summary>
    public required string System { get; init; }

    /// <summary>By <c>uname -m</c>: x86_64, aarch64, arm64.</summary>
    public required string Architecture { get; init; }

    /// <summary>glibc 2.36, musl, or empty for neither.</summary>
    public required string Libc { get; init; }

    /// <summary>The number of logical processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Total memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Free space on the disk of the deployment folder.</summary>
    public required long FreeDiskBytes { get; init; }

    /// <summary>The installed programs among tmux, rsync, flock, ffmpeg and sbatch.</summary>
    public required IReadOnlySet<string> Programs { get; init; }

    /// <summary>The home folder, absolute.</summary>
    public required string Home { get; init; }

    /// <summary>The state of the deployment folder.</summary>
    public required FolderState Folder { get; init; }

    /// <summary>Whether the user can shut the machine down without a password.</summary>
    public required bool CanPowerOff { get; init; }

    /// <summary>Whether logging out ends all of the user's processes.</summary>
    public required bool KillsAtLogout { get; init; }

    /// <summary>The machine's .NET runtime identifier; null if unsupported.</summary>
    public string? RuntimeIdentifier =>
        (System, Architecture) switch
        {
            ("Linux", "x86_64" or "amd64") => "linux-x64",
            ("Linux", "aarch64" or "arm64") => "linux-arm64",
            _ => null,
        };

    /// <summary>Queries a machine.</summary>
    /// <param name="folder">Absolute, or relative to the home folder.</param>
    /// <exception cref="RemoteException">The machine is unreachable, or not a Unix.</exception>
    public static async Task<HostInfo> QueryAsync(
        Machine machine,
        string folder,
        CancellationToken cancellation = default
    ) => Parse(machine.Name, await machine.RunAsync(CreateScript(folder), cancellation).ConfigureAwait(false));

    internal static Script CreateScript(string folder) => Script.Create("host_info", null, folder);

    /// <summary>Parses key=value lines; other lines (a login banner) are ignored.</summary>
    internal static HostInfo Parse(string host, string output)
    {
        var pairs = new KeyValueOutput(output);
        return new()
        {
            System = GetText("system"),
            Architecture = GetText("architecture"),
            Libc = pairs["libc"] ?? "",
            Processors = (int)GetNumber("processors"),
            MemoryBytes = GetNumber("memory_kib") * 1024,
            FreeDiskBytes = GetNumber("disk_kib") * 1024,
            Programs = pairs.GetAll("program").ToHashSet(StringComparer.Ordinal),
            Home = GetText("home"),
            Folder = ParseState(GetText("folder")),
            CanPowerOff = pairs["can_power_off"] == "yes",
            KillsAtLogout = pairs["kills_at_logout"] == "yes",
        };

        string GetText(string key) => pairs[key] is { Length: > 0 } value ? value : throw CreateException(key);

        long GetNumber(string key) =>
            long.TryParse(GetText(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw CreateException(key);

        FolderState ParseState(string text) =>
            Enum.TryParse<FolderState>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var state)
                ? state
                : throw CreateException("folder");

        RemoteException CreateException(string key) =>
            new($"{host}: the machine's output has no valid {key}; expected a Unix with a POSIX shell");
    }
}
