using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.IO;

/// <summary>
/// Reads tensors from a file as float32, using two small buffers. Safe to use from several threads. The file is not
/// memory-mapped: truncating a mapped file would crash the process, while a read fails with an exception.
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

    /// <summary>Reads contiguous elements.</summary>
    /// <param name="name">The tensor's name, for messages.</param>
    /// <param name="start">Byte offset of the first element.</param>
    /// <exception cref="InvalidFileException">The type is not a float type, or the file is too short.</exception>
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
    /// Reads strided elements (a transposed or sliced tensor) into row-major order. The file is traversed in memory
    /// order, largest stride outermost, so that a transposed matrix is read once from front to back.
    /// </summary>
    /// <param name="start">Byte offset of element [0, 0, …].</param>
    /// <param name="strides">Stride of each dimension, in elements; elements must not overlap.</param>
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
        var cursor = new StridedIterator(shape, strides);
        var size = ElementTypes.Bytes(type);
        var raw = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var window = ArrayPool<float>.Shared.Rent(ChunkBytes / size);
        try
        {
            // Range of elements in the window.
            var first = 0L;
            var end = 0L;
            for (var i = 0; i < to.Length; i++, cursor.Next())
            {
                if (cursor.MemoryIndex < first || cursor.MemoryIndex >= end)
                {
                    first = cursor.MemoryIndex;
                    end = Math.Min(first + (ChunkBytes / size), cursor.Extent);
                    var bytes = raw.AsSpan(0, (int)(end - first) * size);
                    ReadAll(name, start + (first * size), bytes);
                    ElementTypes.ToSingles(type, bytes, window);
                }
                to[(int)cursor.RowMajorIndex] = window[cursor.MemoryIndex - first];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(raw);
            ArrayPool<float>.Shared.Return(window);
        }
    }

    /// <summary>Reads raw bytes.</summary>
    /// <param name="name">The tensor's name, for messages.</param>
    /// <param name="start">Byte offset of the first byte.</param>
    /// <exception cref="InvalidFileException">The file is too short.</exception>
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
            var count = RandomAccess.Read(handle, to[at..], start + at);
            if (count == 0)
                throw new InvalidFileException(
                    path,
                    start + at,
                    "the end of the file",
                    $"all bytes of {InputFile.Quote(name)}",
                    "the file was cut off after it was opened: make or fetch it again"
                );
            at += count;
        }
    }
}
