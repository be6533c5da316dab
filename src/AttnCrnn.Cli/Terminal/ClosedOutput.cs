using System.Globalization;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Standard output or error that the caller has closed, as in <c>&gt;&amp;-</c>. The runtime then opens its own files
/// under the number, and a result must not be written into them.
/// </summary>
internal static class ClosedOutput
{
    private const int AccessMode = 3; // O_ACCMODE
    private const int Output = 1;
    private const int Error = 2;

    /// <summary>Discards what is written to a closed stream. On Linux; other systems have no such list.</summary>
    public static void Install()
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists("/proc/self/fdinfo"))
            return;
        var isOutputClosed = !CanWrite(Output);
        if (isOutputClosed)
            Console.SetOut(TextWriter.Null);
        // With both closed, they are the ends of a pipe of the runtime.
        if (!CanWrite(Error) || (isOutputClosed && FindTarget(Output) == FindTarget(Error)))
            Console.SetError(TextWriter.Null);
    }

    // A file that is open for reading is not the caller's.
    private static bool CanWrite(int descriptor)
    {
        try
        {
            const string flags = "flags:";
            var line = File.ReadLines($"/proc/self/fdinfo/{descriptor.ToString(CultureInfo.InvariantCulture)}")
                .First(line => line.StartsWith(flags, StringComparison.Ordinal));
            return (Convert.ToInt64(line[flags.Length..].Trim(), 8) & AccessMode) != 0;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static string? FindTarget(int descriptor) =>
        new FileInfo($"/proc/self/fd/{descriptor.ToString(CultureInfo.InvariantCulture)}").LinkTarget;
}
