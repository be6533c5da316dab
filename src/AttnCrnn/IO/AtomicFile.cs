using System.Runtime.InteropServices;

namespace AttnCrnn.IO;

/// <summary>Files that are there whole or not at all: written to a temporary name beside their place, flushed to the disk, renamed.</summary>
public static partial class AtomicFile
{
    private const int Exists = 17; // EEXIST, of Linux and of macOS

    /// <summary>Replaces the file by what is written to the stream; on failure the old file stays, and nothing is left behind.</summary>
    /// <param name="path">Its folder is made where absent.</param>
    public static void Write(string path, Action<Stream> write) => Write(path, write, temporary =>
        {
            File.Move(temporary, path, overwrite: true);
            return true;
        });

    /// <summary>Makes the file where there is none: of several processes that try at once, on several machines, one succeeds, and no name ever stands for half a file.</summary>
    /// <returns>Whether this call made it; if not, the one that is there is untouched.</returns>
    public static bool TryCreate(string path, ReadOnlyMemory<byte> bytes) =>
        Write(path, stream => stream.Write(bytes.Span), temporary => TryName(temporary, path));

    private static bool Write(string path, Action<Stream> write, Func<string, bool> name)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        var named = false;
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
            return named = name(temporary);
        }
        finally
        {
            if (!named)
                File.Delete(temporary);
        }
    }

    // On Unix, File.Move without overwriting first looks and then renames, and a file that comes between is lost. A second name for the
    // temporary file is what the system refuses where the name is taken, over NFS as well.
    private static bool TryName(string temporary, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            if (Link(temporary, path) == 0)
            {
                File.Delete(temporary);
                return true;
            }
            if (Marshal.GetLastPInvokeError() == Exists)
                return false;
        }
        // Windows' move refuses by itself; elsewhere this is a file system without links.
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

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string from, string to);

    /// <summary>Removes what a process that was killed while it wrote has left in a folder. Nobody else may be writing there.</summary>
    public static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        foreach (var path in Directory.GetFiles(folder, ".*.tmp"))
            if (Guid.TryParseExact(path.Split('.')[^2], "N", out _))
                File.Delete(path);
    }

    /// <summary>Replaces the file by a text, UTF-8 without a mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Replaces the file by bytes.</summary>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) =>
        Write(path, stream => stream.Write(bytes.Span));
}
