using System.Runtime.InteropServices;

namespace AttnCrnn.Deployment.Machines;

/// <summary>Renames links: .NET's own moves follow a link to a folder, or do not replace one.</summary>
internal static partial class SymbolicLink
{
    /// <summary>Gives a link another's name, in one step; what had that name is gone.</summary>
    public static void Rename(string from, string to)
    {
        if (RenameFile(from, to) == 0)
            return;
        var fault = Marshal.GetLastPInvokeErrorMessage();
        File.Delete(from);
        throw new RemoteException($"{to}: the link could not be made ({fault})");
    }

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameFile(string from, string to);
}
