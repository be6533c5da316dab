using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AttnCrnn.IO;

/// <summary>Atomic file writes: to a temporary file in the same folder, flushed to disk, then renamed.</summary>
public static partial class AtomicFile
{
    private const int FileExistsErrno = 17; // EEXIST on Linux and macOS

    /// <summary>Replaces a file; on failure the old file stays and the temporary file is deleted.</summary>
    /// <param name="path">Its folder is created if missing.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="FileWriteException">The disk is full, a quota is exceeded, or it is read-only.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, write, temporary =>
        {
            File.Move(temporary, path, overwrite: true);
            return true;
        });

    /// <summary>
    /// Creates a file if it does not exist. Exactly one of several concurrent processes succeeds, also on different
    /// machines, and a partial file is never visible.
    /// </summary>
    /// <returns>Whether this call created the file; if false, the existing file is unchanged.</returns>
    public static bool TryCreate(string path, ReadOnlyMemory<byte> bytes) =>
        Write(path, stream => stream.Write(bytes.Span), temporary => TryMove(temporary, path));

    private static bool Write(string path, Action<Stream> write, Func<string, bool> commit)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        var committed = false;
        try
        {
            using (
                var stream = new FileStream(
                    temporary,
                    FileMode.CreateNew,
                    FileAccess.ReadWrite,
                    FileShare.None,
                    1 << 16
                )
            )
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            return committed = commit(temporary);
        }
        catch (IOException exception) when (FileFailure.IsOfWriting(exception))
        {
            throw new FileWriteException(path, exception); // the temporary name means nothing to the user
        }
        finally
        {
            if (!committed)
                File.Delete(temporary);
        }
    }

    // On Unix, File.Move without overwrite checks and then renames, so a file created in between would be lost. A hard
    // link fails atomically if the name exists, also on NFS.
    private static bool TryMove(string temporary, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(temporary, path) == 0)
            {
                File.Delete(temporary);
                return true;
            }
            if (Marshal.GetLastPInvokeError() == FileExistsErrno)
                return false;
        }
        // Move is atomic on Windows; on Unix, this is the fallback for file systems without hard links.
        try
        {
            File.Move(temporary, path, overwrite: false);
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string existingPath, string newPath);

    /// <summary>
    /// Deletes temporary files of killed processes from a folder. No other process may be writing to the folder.
    /// </summary>
    public static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.GetFiles(folder, ".*.tmp"))
            if (Guid.TryParseExact(path.Split('.')[^2], "N", out _))
                File.Delete(path);
    }

    /// <summary>Replaces a file with text, in UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Replaces a file with bytes.</summary>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) =>
        Write(path, stream => stream.Write(bytes.Span));
}
