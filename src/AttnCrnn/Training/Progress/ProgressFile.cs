using System.Buffers;
using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Training.Progress;

/// <summary>A file of JSON objects, one per line, to which lines are appended.</summary>
internal sealed class ProgressFile : IDisposable
{
    private const int MaxLineBytes = 1 << 16;
    private const byte LineEnd = (byte)'\n';

    private static readonly byte[] EpochStart = [.. "{\"event\":\"epoch\","u8];

    private readonly string path;
    private readonly FileStream stream;
    private readonly ArrayBufferWriter<byte> line = new();

    /// <summary>Opens or creates the file, and removes an incomplete last line.</summary>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public ProgressFile(string path)
    {
        this.path = path;
        stream = Wrap(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var opened = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, 0);
            opened.SetLength(FindEndOfLastLine(opened));
            opened.Seek(0, SeekOrigin.End);
            return opened;
        });
    }

    /// <summary>Appends one line, in a single write.</summary>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public void Append(Action<Utf8JsonWriter> writeObject)
    {
        line.Clear();
        using (var json = new Utf8JsonWriter(line))
            writeObject(json);
        line.Write([LineEnd]);
        Wrap(() =>
        {
            stream.Write(line.WrittenSpan);
            return true;
        });
    }

    /// <summary>
    /// Numbers of the epochs whose events are in the file. Lines that are no such events are ignored.
    /// </summary>
    /// <exception cref="TrainingException">The file cannot be read.</exception>
    public HashSet<int> ReadEpochs() =>
        Wrap(() =>
        {
            var epochs = new HashSet<int>();
            stream.Seek(0, SeekOrigin.Begin);
            foreach (var text in ReadLines())
                if (text.AsSpan().StartsWith(EpochStart) && ParseEpoch(text) is { } epoch)
                    epochs.Add(epoch);
            stream.Seek(0, SeekOrigin.End);
            return epochs;
        });

    public void Dispose() => stream.Dispose();

    // At most one line in memory; a line that is too long is not of this program.
    private IEnumerable<byte[]> ReadLines()
    {
        var buffer = new byte[MaxLineBytes];
        var text = new List<byte>();
        var isTooLong = false;
        for (int count; (count = stream.Read(buffer)) > 0; )
        for (var i = 0; i < count; i++)
        {
            if (buffer[i] == LineEnd)
            {
                if (!isTooLong)
                    yield return [.. text];
                text.Clear();
                isTooLong = false;
            }
            else if (text.Count == MaxLineBytes)
                isTooLong = true;
            else
                text.Add(buffer[i]);
        }
    }

    private int? ParseEpoch(byte[] text)
    {
        try
        {
            return new JsonSource(path, "an event of a training", "remove the line")
                .Parse(text)
                .Find("epoch")
                ?.AsInt32();
        }
        catch (InvalidFileException)
        {
            return null; // a damaged line; the epoch is recorded again
        }
    }

    private static long FindEndOfLastLine(FileStream opened)
    {
        var buffer = new byte[MaxLineBytes];
        for (var end = opened.Length; end > 0; )
        {
            var start = Math.Max(0, end - buffer.Length);
            opened.Seek(start, SeekOrigin.Begin);
            var chunk = buffer.AsSpan(0, (int)(end - start));
            opened.ReadExactly(chunk);
            if (chunk.LastIndexOf(LineEnd) is var position and >= 0)
                return start + position + 1;
            end = start;
        }
        return 0;
    }

    private T Wrap<T>(Func<T> access)
    {
        try
        {
            return access();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException(
                $"{path} could not be written: {FileFailure.Describe(exception)}; free disk space or grant write "
                    + "permission, then resume the run",
                exception
            )
            {
                CanResume = true,
            };
        }
    }
}
