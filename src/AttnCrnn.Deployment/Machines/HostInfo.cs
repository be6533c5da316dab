using System.Globalization;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>What another machine is and has, as far as a run there depends on it.</summary>
/// <param name="System">The kernel's name, as <c>uname -s</c>: Linux, Darwin.</param>
/// <param name="Architecture">As <c>uname -m</c>: x86_64, aarch64, arm64.</param>
/// <param name="Libc">glibc 2.36, musl, or empty where there is neither.</param>
/// <param name="FreeDiskBytes">Where the folder is or would be.</param>
/// <param name="Programs">Those of tmux, rsync, flock, ffmpeg, sbatch that are there.</param>
/// <param name="Folder">What stands where the runs should be.</param>
/// <param name="CanPowerOff">Whether we may switch the machine off without a password.</param>
/// <param name="KillsAtLogout">Whether all processes of who logs out are ended there.</param>
/// <param name="LacksOpenSsl">Whether it is certain that OpenSSL's library is not there.</param>
public sealed record HostInfo(
    string System,
    string Architecture,
    string Libc,
    int Processors,
    long MemoryBytes,
    long FreeDiskBytes,
    IReadOnlySet<string> Programs,
    string Home,
    FolderState Folder,
    bool CanPowerOff,
    bool KillsAtLogout,
    bool LacksOpenSsl
)
{
    /// <summary>The runtime identifier of programs for it; null where there is none.</summary>
    public string? ProgramKind =>
        (System, Architecture) switch
        {
            ("Linux", "x86_64" or "amd64") => "linux-x64",
            ("Linux", "aarch64" or "arm64") => "linux-arm64",
            _ => null,
        };

    /// <summary>Asks a machine what it is and has.</summary>
    /// <param name="folder">Absolute, or relative to the home folder.</param>
    /// <exception cref="RemoteException">The host cannot be reached, or is no Unix.</exception>
    public static async Task<HostInfo> TakeAsync(
        Machine machine,
        string folder,
        CancellationToken cancellation = default
    ) => Parse(machine.Name, await machine.RunAsync(ScriptFor(folder), cancellation).ConfigureAwait(false));

    internal static Script ScriptFor(string folder) => Script.Create("survey", null, folder);

    /// <summary>Lines of key=value; others (a login's greeting) are passed over.</summary>
    internal static HostInfo Parse(string host, string printed)
    {
        var pairs = new PrintedPairs(printed);
        return new HostInfo(
            Text("system"),
            Text("architecture"),
            pairs["libc"] ?? "",
            (int)Number("processors"),
            Number("memory_kib") * 1024,
            Number("disk_kib") * 1024,
            pairs.All("program").ToHashSet(StringComparer.Ordinal),
            Text("home"),
            State(Text("folder")),
            pairs["can_power_off"] == "yes",
            pairs["kills_at_logout"] == "yes",
            pairs["lacks_openssl"] == "yes"
        );

        string Text(string key) => pairs[key] is { Length: > 0 } value ? value : throw Missing(key);

        long Number(string key) =>
            long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw Missing(key);

        FolderState State(string text) =>
            Enum.TryParse<FolderState>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var state)
                ? state
                : throw Missing("folder");

        RemoteException Missing(string key) =>
            new($"{host}: it did not tell its {key}; a Unix with a POSIX shell is expected there");
    }
}
