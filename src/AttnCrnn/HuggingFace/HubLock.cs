namespace AttnCrnn.HuggingFace;

/// <summary>
/// Held by one process at a time, Python's filelock among them: .NET takes a file that is opened without sharing by flock, as filelock does.
/// The system gives it back when its holder dies. The file stays: to remove it would let two others hold it at once.
/// </summary>
internal static class HubLock
{
    private const int PollMilliseconds = 100;

    // EWOULDBLOCK, another holds it: of Linux and of macOS.
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    /// <summary>Waits until nobody else holds the lock, and holds it until disposed.</summary>
    /// <param name="waiting">Called once where somebody else holds it.</param>
    public static IDisposable Take(string path, Action waiting, CancellationToken cancellation)
    {
        var told = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryTake(path) is { } held)
                return held;
            if (!told)
                waiting();
            told = true;
            cancellation.WaitHandle.WaitOne(PollMilliseconds);
        }
    }

    private static FileStream? TryTake(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException fault) when (fault.HResult is LinuxWouldBlock or MacWouldBlock)
        {
            return null;
        }
        if (!WasRemoved(file))
            return file;
        file.Dispose();
        return null;
    }

    // Some versions of filelock remove the file when they let go: then ours, opened a moment earlier, would exclude nobody.
    private static bool WasRemoved(FileStream file)
    {
        var self = new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}");
        return self.LinkTarget?.EndsWith(" (deleted)", StringComparison.Ordinal) ?? false;
    }
}
