using System.Globalization;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>Whether a machine can run a training, found out before anything is sent to it.</summary>
internal static class HostRequirements
{
    private const long MinDiskBytes = 300L << 20,
        MinMemoryBytes = 512L << 20;
    private static readonly Version MinGlibc = new(2, 27); // .NET 10's own, for both architectures

    private static readonly RequiredProgram[] Always =
    [
        new("rsync", "takes the uploads", "rsync"),
        new("flock", "keeps two deployments apart", "util-linux"),
    ];

    /// <summary>Each lack with its remedy.</summary>
    public static IEnumerable<string> FindMissing(HostInfo host, IJobRunner jobRunner, bool powerOff)
    {
        if (host.ProgramKind is null)
            yield return $"{host.System} on {host.Architecture}: the program is made for Linux on x86_64 and on aarch64; choose such a machine";
        else if (Glibc(host.Libc) is not { } version)
            yield return $"{(host.Libc.Length > 0 ? host.Libc : "no glibc")}: the program needs glibc; choose Debian, Ubuntu, Fedora or Amazon Linux";
        else if (version < MinGlibc)
            yield return $"glibc {version} is too old: {MinGlibc} or later is needed; choose a newer system";
        if (host.LacksOpenSsl)
            yield return "OpenSSL's library is missing (the program hashes by it): sudo apt-get install libssl3 (Fedora, Amazon Linux: dnf install openssl-libs)";
        if (host.FreeDiskBytes < MinDiskBytes && host.Folder != FolderState.Ours)
            yield return $"{host.FreeDiskBytes >> 20} MiB are free: the program alone wants {MinDiskBytes >> 20}; make room, or name a folder on another disk with --dir";
        if (host.MemoryBytes < MinMemoryBytes)
            yield return $"{host.MemoryBytes >> 20} MiB of memory: at least {MinMemoryBytes >> 20} are needed; choose a larger machine";
        foreach (var program in jobRunner.Needs.Concat(Always).Where(program => !host.Programs.Contains(program.Name)))
            yield return program.InstallHint;
        if (host.KillsAtLogout && jobRunner.EndsAtLogout)
            yield return "whoever logs out has all processes ended there (KillUserProcesses): sudo loginctl enable-linger $USER";
        if (powerOff && !host.CanPowerOff)
            yield return "--stop_when_done: we may not switch it off; allow 'sudo shutdown' without a password, or leave the flag out";
    }

    /// <summary>One line for people.</summary>
    public static string Describe(HostInfo host) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{host.System} {host.Architecture}, {host.Libc}, {host.Processors} processors, {host.MemoryBytes / (double)(1 << 30):0.0} GiB memory, {host.FreeDiskBytes / (double)(1 << 30):0.0} GiB free; {string.Join(", ", host.Programs.Order(StringComparer.Ordinal))}"
        );

    private static Version? Glibc(string text) =>
        text.Split(' ') is ["glibc", var number] && Version.TryParse(number, out var version) ? version : null;
}
