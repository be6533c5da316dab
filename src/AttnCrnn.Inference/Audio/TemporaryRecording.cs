namespace AttnCrnn.Audio;

/// <summary>
/// A recording as a file, since ffmpeg must be able to go back in it: phones write the index of an MP4 file at its end.
/// What is in memory or in a stream is written to a folder that only this user can enter.
/// </summary>
internal sealed class TemporaryRecording : IDisposable
{
    private readonly string? folder;

    private TemporaryRecording(string path, string? folder)
    {
        Path = path;
        this.folder = folder;
    }

    /// <summary>Path of the file.</summary>
    public string Path { get; }

    /// <summary>The file of a recording; one that is in memory or in a stream is copied.</summary>
    /// <exception cref="InvalidInputException">It cannot be written, for example because no space is left.</exception>
    public static TemporaryRecording Create(AudioInput input)
    {
        if (input.Path is { } path)
            return new(path, folder: null);
        string? folder = null;
        try
        {
            folder = Directory.CreateTempSubdirectory($"attn-crnn-{Environment.ProcessId}-").FullName;
            var file = System.IO.Path.Combine(folder, "recording");
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            input.Stream.Position = 0;
            input.Stream.CopyTo(stream);
            return new(file, folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Delete(folder);
            throw new InvalidInputException(
                input.Name,
                $"cannot be written to {System.IO.Path.GetTempPath()} for ffmpeg ({exception.Message}); "
                    + "make space there, or set TMPDIR to another folder"
            );
        }
    }

    /// <summary>
    /// Removes the file once ffmpeg has opened it: it keeps what it has opened, and nothing is left even if this
    /// process is killed. Windows cannot remove an open file.
    /// </summary>
    public void RemoveAfterOpening()
    {
        if (!OperatingSystem.IsWindows())
            Delete(folder);
    }

    public void Dispose() => Delete(folder);

    private static void Delete(string? folder)
    {
        try
        {
            if (folder is not null && Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another process has it open, such as a virus scanner; the system clears its temporary folder.
        }
    }
}
