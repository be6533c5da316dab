namespace AttnCrnn.Formats;

/// <summary>Files that are there whole or not at all: written to a temporary name beside their place, flushed to the disk, renamed.</summary>
public static class AtomicFile
{
    /// <summary>Replaces the file by what is written to the stream; on failure the old file stays, and nothing is left behind.</summary>
    /// <param name="path">Its folder is made where absent.</param>
    public static void Write(string path, Action<Stream> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Removes what a process that was killed while it wrote has left in a folder. Nobody else may be writing there.</summary>
    public static void RemoveLeftovers(string folder)
    {
        if (!Directory.Exists(folder)) return;
        foreach (var path in Directory.GetFiles(folder, ".*.tmp"))
            if (Guid.TryParseExact(path.Split('.')[^2], "N", out _)) File.Delete(path);
    }

    /// <summary>Replaces the file by a text, UTF-8 without a mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Replaces the file by bytes.</summary>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));
}
