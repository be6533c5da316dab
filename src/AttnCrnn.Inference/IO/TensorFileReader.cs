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
    public void Read(string name, string type, long start, Span<float> destination)
    {
        RequireFloat(name, type);
        var size = ElementTypes.GetByteSize(type);
        var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            for (var position = 0; position < destination.Length; )
            {
                var count = Math.Min(ChunkBytes / size, destination.Length - position);
                ReadAll(name, start + ((long)position * size), chunk.AsSpan(0, count * size));
                ElementTypes.ToSingles(type, chunk.AsSpan(0, count * size), destination.Slice(position, count));
                position += count;
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
        Span<float> destination
    )
    {
        RequireFloat(name, type);
        var cursor = new StridedIterator(shape, strides);
        var size = ElementTypes.GetByteSize(type);
        var raw = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        var window = ArrayPool<float>.Shared.Rent(ChunkBytes / size);
        try
        {
            // Range of elements in the window.
            var first = 0L;
            var end = 0L;
            for (var i = 0; i < destination.Length; i++, cursor.MoveNext())
            {
                if (cursor.MemoryIndex < first || cursor.MemoryIndex >= end)
                {
                    first = cursor.MemoryIndex;
                    end = Math.Min(first + (ChunkBytes / size), cursor.Extent);
                    var bytes = raw.AsSpan(0, (int)(end - first) * size);
                    ReadAll(name, start + (first * size), bytes);
                    ElementTypes.ToSingles(type, bytes, window);
                }
                destination[(int)cursor.RowMajorIndex] = window[cursor.MemoryIndex - first];
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
    public void ReadBytes(string name, long start, Span<byte> destination) => ReadAll(name, start, destination);

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

    private void ReadAll(string name, long start, Span<byte> destination)
    {
        for (var position = 0; position < destination.Length; )
        {
            var count = RandomAccess.Read(handle, destination[position..], start + position);
            if (count == 0)
                throw new InvalidFileException(
                    path,
                    start + position,
                    "the end of the file",
                    $"all bytes of {InputFile.Quote(name)}",
                    "the file was truncated after it was opened: regenerate or download it again"
                );
            position += count;
        }
    }
}
