using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>The bytes of a recording: a file, or a seekable stream.</summary>
internal sealed class AudioInput : IDisposable
{
    private const string Expected = "a recording";
    private const int CopyBytes = 1 << 16;

    private readonly bool mustClose;

    private AudioInput(string name, string? path, Stream stream, bool mustClose)
    {
        Name = name;
        Path = path;
        Stream = stream;
        this.mustClose = mustClose;
    }

    /// <summary>The name for messages.</summary>
    public string Name { get; }

    /// <summary>Path of the file; null: the recording is in memory or in a stream.</summary>
    public string? Path { get; }

    /// <summary>The whole recording, seekable, from position 0.</summary>
    public Stream Stream { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidFileException">It cannot be read, or exceeds the limits.</exception>
    public static AudioInput Open(string path, AudioLimits limits) =>
        Check(new(path, path, InputFile.Open(path, Expected), mustClose: true), limits);

    /// <summary>Wraps a stream: as it is if it can seek and is at its start, otherwise as a copy of its rest.</summary>
    /// <exception cref="InvalidFileException">The stream is empty, or exceeds the limits.</exception>
    public static AudioInput FromStream(Stream stream, string name, AudioLimits limits)
    {
        if (stream is { CanSeek: true, Position: 0 })
            return Check(new(name, null, stream, mustClose: false), limits);
        var copy = new MemoryStream();
        var buffer = new byte[CopyBytes];
        for (int count; (count = stream.Read(buffer)) > 0; )
        {
            limits.ThrowIfLarger(name, copy.Length + count);
            if (copy.Length + count > Array.MaxLength)
                throw new InvalidFileException(
                    name,
                    null,
                    "a stream of 2 GiB or more",
                    "less than 2 GiB",
                    "write it to a file, and read the file"
                );
            copy.Write(buffer, 0, count);
        }
        copy.Position = 0;
        return Check(new(name, null, copy, mustClose: true), limits);
    }

    public void Dispose()
    {
        if (mustClose)
            Stream.Dispose();
    }

    private static AudioInput Check(AudioInput input, AudioLimits limits)
    {
        try
        {
            limits.ThrowIfLarger(input.Name, input.Stream.Length);
            return input.Stream.Length > 0
                ? input
                : throw new InvalidFileException(
                    input.Name,
                    0,
                    "no bytes",
                    Expected,
                    "send the recording again, from its start"
                );
        }
        catch (InvalidFileException)
        {
            input.Dispose();
            throw;
        }
    }
}
