using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>
/// Interrupts a process as Ctrl-C does, at once: a program that sends the signal would take longer to start than a
/// short training takes to end.
/// </summary>
internal static partial class Interruption
{
    private const int Interrupt = 2; // SIGINT

    public static void Send(Process process)
    {
        if (Kill(process.Id, Interrupt) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
