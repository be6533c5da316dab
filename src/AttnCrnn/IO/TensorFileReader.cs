using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.IO;

/// <summary>
/// A file's numbers, read as float32 from where they stand with no more than two small buffers. Safe to read from several threads.
/// Not mapped: a file that is cut off while it is mapped ends the process, and one that is read says so.
/// </summary>
internal sealed class TensorFileReader(string path) : IDisposable
{
    private const int ChunkBytes = 1 << 16;

    private readonly SafeFileHandle handle = File.OpenHandle(
        path,
        FileMode.Open,
        FileAccess.Read,
        FileShare.Read | FileShare.Delete
    );

    /// <summary>Elements that lie one after another.</summary>
    /// <param name="name">Whose they are, for the message.</param>
    /// <param name="start">The first one's byte in the file.</param>
    /// <exception cref="InvalidFileException">The type is no float type, or the file ends before they do.</exception>
    public void Read(string name, string type, long start, Span<float> to)
    {
        RequireFloat(name, type);
        var size = ElementTypes.Bytes(type);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var at = 0; at < to.Length; )
            {
                var count = Math.Min(ChunkBytes / size, to.Length - at);
                ReadAll(name, start + ((long)at * size), chunk.AsSpan(0, count * size));
                ElementTypes.ToSingles(type, chunk.AsSpan(0, count * size), to.Slice(at, count));
                at += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>
    /// Elements that lie apart (a transposed or sliced tensor), put into row-major order. The file is walked in its own order, the widest
    /// stride outermost, and each element put where it belongs: so a transposed matrix is read once from front to back.
    /// </summary>
    /// <param name="start">The byte of element [0, 0, …].</param>
    /// <param name="strides">Elements between neighbours of each dimension; no two elements share a place.</param>
    public void ReadStrided(
        string name,
        string type,
        long start,
        IReadOnlyList<long> shape,
        IReadOnlyList<long> strides,
        Span<float> to
    )
    {
        RequireFloat(name, type);
        var cursor = new StridedCopy(shape, strides);
        var size = ElementTypes.Bytes(type);
        var raw = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var window = ArrayPool<float>.Shared.Rent(ChunkBytes / size);
        try
        {
            long first = 0,
                end = 0; // the elements that the window holds
            for (var i = 0; i < to.Length; i++, cursor.Next())
            {
                if (cursor.From < first || cursor.From >= end)
                {
                    first = cursor.From;
                    end = Math.Min(first + (ChunkBytes / size), cursor.Extent);
                    var bytes = raw.AsSpan(0, (int)(end - first) * size);
                    ReadAll(name, start + (first * size), bytes);
                    ElementTypes.ToSingles(type, bytes, window);
                }
                to[(int)cursor.To] = window[cursor.From - first];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
            ArrayPool<float>.Shared.Return(window);
        }
    }

    /// <summary>Bytes as they stand.</summary>
    /// <param name="name">Whose they are, for the message.</param>
    /// <param name="start">The first one in the file.</param>
    /// <exception cref="InvalidFileException">The file ends before they do.</exception>
    public void ReadBytes(string name, long start, Span<byte> to) => ReadAll(name, start, to);

    public void Dispose() => handle.Dispose();

    private void RequireFloat(string name, string type)
    {
        if (!ElementTypes.IsFloat(type))
            throw new InvalidFileException(
                path,
                null,
                $"{InputFile.Quote(name)} of type {type}",
                "F32, F16, BF16 or F64",
                "convert it"
            );
    }

    private void ReadAll(string name, long start, Span<byte> to)
    {
        for (var at = 0; at < to.Length; )
        {
            var had = RandomAccess.Read(handle, to[at..], start + at);
            if (had == 0)
                throw new InvalidFileException(
                    path,
                    start + at,
                    "the end of the file",
                    $"the whole of {InputFile.Quote(name)}",
                    "the file was cut off after it was opened: make or fetch it again"
                );
            at += had;
        }
    }
}
