namespace AttnCrnn.HuggingFace.Cache;

/// <summary>
/// An interprocess lock, compatible with Python's filelock: .NET locks a file opened with FileShare.None by flock, as
/// filelock does. The system releases it when its process ends. The file is not deleted: otherwise two processes could
/// hold the lock at once.
/// </summary>
internal static class HubLock
{
    private const int PollMilliseconds = 100;

    // EWOULDBLOCK, another process holds the lock, on Linux and macOS.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    // ERROR_SHARING_VIOLATION, the same on Windows.
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    /// <summary>Waits for the lock and holds it until disposed.</summary>
    /// <param name="onWait">Called once if another process holds it.</param>
    public static async Task<IDisposable> AcquireAsync(string path, Action onWait, CancellationToken cancellation)
    {
        var reported = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(path) is { } file)
                return file;
            if (!reported)
                onWait();
            reported = true;
            await Task.Delay(PollMilliseconds, cancellation).ConfigureAwait(false);
        }
    }

    private static FileStream? TryAcquire(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException exception)
            when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            return null;
        }
        if (!WasRemoved(file))
            return file;
        file.Dispose();
        return null;
    }

    // Some versions of filelock delete the file on release: a lock on the deleted file would exclude nobody. Windows
    // does not delete an open file; macOS has no /proc, so that a deleted file is not noticed there.
    private static bool WasRemoved(FileStream file)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var link = new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}");
        return link.LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) ?? false;
    }
}
