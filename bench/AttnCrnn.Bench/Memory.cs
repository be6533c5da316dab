using System.Globalization;

namespace AttnCrnn.Bench;

/// <summary>Memory use of this process in MB, from the operating system; 0 on systems other than Linux.</summary>
internal static class Memory
{
    /// <summary>Peak resident memory, including mapped files.</summary>
    public static double PeakResidentMb => ReadMegabytes("VmHWM:");

    /// <summary>Current resident memory, including mapped files.</summary>
    public static double ResidentMb => ReadMegabytes("VmRSS:");

    /// <summary>Current resident memory that is not backed by files.</summary>
    public static double AnonymousMb => ReadMegabytes("RssAnon:");

    private static double ReadMegabytes(string field)
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
