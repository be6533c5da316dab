using System.Globalization;

namespace AttnCrnn.Remote;

/// <summary>What another machine is and has, as far as a run there depends on it.</summary>
/// <param name="System">The kernel's name, as <c>uname -s</c>: Linux, Darwin.</param>
/// <param name="Architecture">As <c>uname -m</c>: x86_64, aarch64, arm64.</param>
/// <param name="Libc">glibc 2.36, musl, or empty where there is neither.</param>
/// <param name="FreeDiskBytes">In the home folder.</param>
/// <param name="Programs">Those of tmux, rsync, ffmpeg, nohup that are there.</param>
public sealed record HostSurvey(
    string System, string Architecture, string Libc, int Processors, long MemoryBytes, long FreeDiskBytes, IReadOnlySet<string> Programs)
{
    // The plain tools of every Unix: the other machine may be a bare server. getconf prints glibc's version and fails on musl.
    private const string Script = """
        echo "system=$(uname -s)"
        echo "architecture=$(uname -m)"
        libc=$(getconf GNU_LIBC_VERSION 2>/dev/null) || { ls /lib/ld-musl-* >/dev/null 2>&1 && libc=musl; }
        echo "libc=$libc"
        echo "processors=$(getconf _NPROCESSORS_ONLN 2>/dev/null || sysctl -n hw.ncpu 2>/dev/null)"
        if [ -r /proc/meminfo ]; then
            echo "memory_kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)"
        else
            echo "memory_kib=$(( $(sysctl -n hw.memsize 2>/dev/null || echo 0) / 1024 ))"
        fi
        echo "disk_kib=$(df -Pk "$HOME" | awk 'NR == 2 { print $4 }')"
        for program in tmux rsync ffmpeg nohup; do
            command -v "$program" >/dev/null 2>&1 && echo "program=$program"
        done
        exit 0

        """;

    /// <exception cref="RemoteException">The host cannot be reached, or is no Unix.</exception>
    public static async Task<HostSurvey> TakeAsync(RemoteHost host, CancellationToken cancellation = default) =>
        Parse(host.Name, await host.RunAsync(Script, cancellation).ConfigureAwait(false));

    /// <summary>Lines of key=value; others (a login's greeting) are passed over.</summary>
    internal static HostSurvey Parse(string host, string printed)
    {
        var pairs = printed.Split('\n').Select(line => line.Trim().Split('=', 2)).Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1]);
        return new HostSurvey(
            Text("system"), Text("architecture"), pairs["libc"].FirstOrDefault() ?? "", (int)Number("processors"),
            Number("memory_kib") * 1024, Number("disk_kib") * 1024, pairs["program"].ToHashSet(StringComparer.Ordinal));

        string Text(string key) => pairs[key].FirstOrDefault() is { Length: > 0 } value ? value : throw Missing(key);

        long Number(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw Missing(key);

        RemoteException Missing(string key) => new($"{host}: it did not tell its {key}; a Unix with a POSIX shell is expected there");
    }
}
