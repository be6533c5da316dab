using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AttnCrnn.Deployment.Machines;

/// <summary>Renames links: .NET's move methods follow a link to a folder, or do not replace an existing one.</summary>
internal static partial class SymbolicLink
{
    /// <summary>Renames a link atomically, replacing a file or link of the new name.</summary>
    public static void Rename(string oldPath, string newPath)
    {
        if (OperatingSystem.IsWindows())
            throw new RemoteException($"{newPath}: links of runs are supported on Linux and macOS, not on Windows");
        if (RenameFile(oldPath, newPath) == 0)
            return;
        var error = Marshal.GetLastPInvokeErrorMessage();
        File.Delete(oldPath);
        throw new RemoteException($"{newPath}: cannot create the link ({error})");
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameFile(string oldPath, string newPath);
}
