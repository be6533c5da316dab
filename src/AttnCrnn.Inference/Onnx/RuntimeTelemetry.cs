using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AttnCrnn.Onnx;

/// <summary>
/// Disables ONNX Runtime's telemetry, which by default uploads usage and writes identifiers to the home folder (its
/// Privacy.md). The runtime reads an environment variable on its first call, through libc, which .NET's
/// SetEnvironmentVariable does not change.
/// </summary>
internal static partial class RuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";
    private static readonly Lock DisableLock = new();
    private static bool isDisabled;

    /// <summary>Must run before the first call into the runtime; every session calls it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The variable cannot be set; the runtime must not be called.
    /// </exception>
    public static void Disable()
    {
        lock (DisableLock)
        {
            if (isDisabled)
                return;
            Environment.SetEnvironmentVariable(Variable, "1");
            if (!OperatingSystem.IsWindows() && SetEnvironment(Variable, "1", overwrite: 1) != 0)
            {
                throw new InvalidOperationException(
                    $"cannot set {Variable} (error {Marshal.GetLastPInvokeError()}): "
                        + "ONNX Runtime was not started because it would send telemetry"
                );
            }
            isDisabled = true;
        }
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
