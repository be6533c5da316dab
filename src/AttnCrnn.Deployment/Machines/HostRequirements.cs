using System.Globalization;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Machines;

/// <summary>Checks that a machine can run a training, before anything is uploaded.</summary>
internal static class HostRequirements
{
    private const double Gibi = 1 << 30;

    private const long MinDiskBytes = 300L << 20;
    private const long MinMemoryBytes = 512L << 20;

    // .NET 10's requirement, on both architectures.
    private static readonly Version MinGlibc = new(2, 27);

    private static readonly RequiredProgram[] CommonPrograms =
    [
        new("rsync", "receives the uploads", "rsync"),
        new("flock", "locks the deployment folder", "util-linux"),
    ];

    /// <summary>Each unmet requirement, with its remedy.</summary>
    public static IEnumerable<OptionText> FindMissing(HostInfo host, IJobRunner jobRunner, bool powerOff) =>
        [
            .. FindMissingSystem(host),
            .. FindMissingResources(host),
            .. jobRunner
                .RequiredPrograms.Concat(CommonPrograms)
                .Where(program => !host.Programs.Contains(program.Name))
                .Select(program => program.InstallHint),
            .. FindMissingRights(host, jobRunner, powerOff),
        ];

    private static IEnumerable<OptionText> FindMissingSystem(HostInfo host)
    {
        if (host.RuntimeIdentifier is null)
            yield return $"{host.System} on {host.Architecture}: the program needs Linux on x86_64 or aarch64; "
                + "choose such a machine";
        else if (ParseGlibcVersion(host.Libc) is not { } version)
            yield return $"{(host.Libc.Length > 0 ? host.Libc : "no glibc")}: the program needs glibc; "
                + "choose Debian, Ubuntu, Fedora or Amazon Linux";
        else if (version < MinGlibc)
            yield return $"glibc {version} is too old: {MinGlibc} or later is required; choose a newer system";
    }

    private static IEnumerable<OptionText> FindMissingResources(HostInfo host)
    {
        if (host.FreeDiskBytes < MinDiskBytes && host.Folder != FolderState.Deployment)
            yield return OptionText.Create(
                $"{host.FreeDiskBytes >> 20} MiB are free: the program alone needs {MinDiskBytes >> 20} MiB; "
                    + $"free disk space, or choose a folder on another disk with {RemoteOptionKeys.Dir}"
            );
        if (host.MemoryBytes < MinMemoryBytes)
            yield return $"{host.MemoryBytes >> 20} MiB of memory: at least {MinMemoryBytes >> 20} MiB are required; "
                + "choose a larger machine";
    }

    private static IEnumerable<OptionText> FindMissingRights(HostInfo host, IJobRunner jobRunner, bool powerOff)
    {
        if (host.KillsAtLogout && jobRunner.EndsAtLogout)
            yield return "logging out ends all of the user's processes (KillUserProcesses): "
                + "sudo loginctl enable-linger $USER";
        if (powerOff && !host.CanPowerOff)
            yield return OptionText.Create(
                $"{RemoteOptionKeys.StopWhenDone}: the machine cannot be shut down without a password; "
                    + $"allow 'sudo shutdown' without one, or omit the option"
            );
    }

    /// <summary>One line of display text.</summary>
    public static string Describe(HostInfo host) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{host.System} {host.Architecture}, {host.Libc}, {host.Processors} processors, "
                + $"{host.MemoryBytes / Gibi:0.0} GiB memory, {host.FreeDiskBytes / Gibi:0.0} GiB free; "
                + $"{string.Join(", ", host.Programs.Order(StringComparer.Ordinal))}"
        );

    private static Version? ParseGlibcVersion(string text) =>
        text.Split(' ') is ["glibc", var number] && Version.TryParse(number, out var version) ? version : null;
}
