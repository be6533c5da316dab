using System.Globalization;

namespace AttnCrnn.Remote;

/// <summary>Whether a machine can run a training, found out before anything is sent to it.</summary>
internal static class HostCheck
{
    private const long LeastDisk = 300L << 20, LeastMemory = 512L << 20;
    private static readonly Version LeastGlibc = new(2, 27); // .NET 10's own, for both architectures

    private static readonly NeededProgram[] Always = [new("rsync", "takes the uploads", "rsync"), new("flock", "keeps two deployments apart", "util-linux")];

    /// <summary>Each lack with its remedy.</summary>
    public static IEnumerable<string> Lacks(HostSurvey survey, IRunKeeper keeper, bool powerOff)
    {
        if (survey.ProgramKind is null) yield return $"{survey.System} on {survey.Architecture}: the program is made for Linux on x86_64 and on aarch64; choose such a machine";
        else if (Glibc(survey.Libc) is not { } version) yield return $"{(survey.Libc.Length > 0 ? survey.Libc : "no glibc")}: the program needs glibc; choose Debian, Ubuntu, Fedora or Amazon Linux";
        else if (version < LeastGlibc) yield return $"glibc {version} is too old: {LeastGlibc} or later is needed; choose a newer system";
        if (survey.LacksOpenSsl) yield return "OpenSSL's library is missing (the program hashes by it): sudo apt-get install libssl3 (Fedora, Amazon Linux: dnf install openssl-libs)";
        if (survey.FreeDiskBytes < LeastDisk && survey.Folder != FolderState.Ours) yield return $"{survey.FreeDiskBytes >> 20} MiB are free: the program alone wants {LeastDisk >> 20}; make room, or name a folder on another disk with --dir";
        if (survey.MemoryBytes < LeastMemory) yield return $"{survey.MemoryBytes >> 20} MiB of memory: at least {LeastMemory >> 20} are needed; choose a larger machine";
        foreach (var program in keeper.Needs.Concat(Always).Where(program => !survey.Programs.Contains(program.Name))) yield return program.Lack;
        if (survey.KillsAtLogout && keeper.EndsAtLogout) yield return "whoever logs out has all processes ended there (KillUserProcesses): sudo loginctl enable-linger $USER";
        if (powerOff && !survey.CanPowerOff) yield return "--stop_when_done: we may not switch it off; allow 'sudo shutdown' without a password, or leave the flag out";
    }

    /// <summary>One line for people.</summary>
    public static string Describe(HostSurvey survey) => string.Create(
        CultureInfo.InvariantCulture,
        $"{survey.System} {survey.Architecture}, {survey.Libc}, {survey.Processors} processors, {survey.MemoryBytes / (double)(1 << 30):0.0} GiB memory, {survey.FreeDiskBytes / (double)(1 << 30):0.0} GiB free; {string.Join(", ", survey.Programs.Order(StringComparer.Ordinal))}");

    private static Version? Glibc(string text) => text.Split(' ') is ["glibc", var number] && Version.TryParse(number, out var version) ? version : null;
}
