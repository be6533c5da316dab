using System.Runtime.InteropServices;

namespace AttnCrnn.Onnx;

/// <summary>
/// ONNX Runtime uploads usage by default and writes identifiers below the home folder (its Privacy.md). It reads one
/// variable of the environment when it is first called, through libc: .NET's own SetEnvironmentVariable does not reach there.
/// </summary>
internal static partial class RuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";
    private static readonly Lock Once = new();
    private static bool off;

    /// <summary>Before the first call into the runtime; every session here comes through this.</summary>
    /// <exception cref="InvalidOperationException">The environment could not be changed: the runtime is not called then.</exception>
    public static void SwitchOff()
    {
        lock (Once)
        {
            if (off)
                return;
            Environment.SetEnvironmentVariable(Variable, "1");
            if (!OperatingSystem.IsWindows() && SetEnvironment(Variable, "1", overwrite: 1) != 0)
            {
                throw new InvalidOperationException(
                    $"{Variable} could not be set (error {Marshal.GetLastPInvokeError()}), so ONNX Runtime is not started: it would send telemetry."
                );
            }
            off = true;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
