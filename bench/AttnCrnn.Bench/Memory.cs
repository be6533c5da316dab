using System.Globalization;

namespace AttnCrnn.Bench;

/// <summary>What the system says of this process's memory, MB; 0 where it does not say (other systems than Linux).</summary>
internal static class Memory
{
    /// <summary>The most that was resident, files that are mapped among it.</summary>
    public static double PeakResidentMb => Of("VmHWM:");

    /// <summary>Resident now.</summary>
    public static double ResidentMb => Of("VmRSS:");

    /// <summary>Of it what no file backs: the process's own.</summary>
    public static double AnonymousMb => Of("RssAnon:");

    private static double Of(string field)
    {
        const string path = "/proc/self/status";
        if (!File.Exists(path))
            return 0;
        var line = File.ReadLines(path).FirstOrDefault(text => text.StartsWith(field, StringComparison.Ordinal));
        return line is null
            ? 0
            : double.Parse(
                line[field.Length..].Replace("kB", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture
            ) / 1024;
    }
}
