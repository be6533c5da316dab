using System.Buffers.Binary;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Numpy;

/// <summary>NumPy's .npy format (NEP 1, versions 1 to 3), without pickle.</summary>
public static class NpyFile
{
    private const string Expected = "a NumPy array (.npy)";
    private const int MaxHeaderBytes = 1 << 16;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidFileException">
    /// The file is not an array of numbers or strings, or is truncated.
    /// </exception>
    public static NpyArray Read(string path)
    {
        using var stream = InputFile.Open(path, Expected);
        return Read(path, stream, stream.Length);
    }

    /// <summary>Writes an array atomically.</summary>
    public static void Write(string path, NpyArray array) => AtomicFile.Write(path, stream => Write(stream, array));

    /// <summary>Reads one array from a stream.</summary>
    /// <param name="name">Name for messages.</param>
    /// <param name="length">Length of the stream in bytes; checked before memory is allocated.</param>
    internal static NpyArray Read(string name, Stream stream, long length)
    {
        Span<byte> head = stackalloc byte[12];
        var count = stream.ReadAtLeast(head[..10], 10, throwOnEndOfStream: false);
        if (count < 10 || !head.StartsWith(Magic))
        {
            var recognized = InputFile.Recognize(head[..count]);
            throw new InvalidFileException(
                name,
                0,
                recognized?.Found ?? InputFile.FormatBytes(head[..Math.Min(count, 6)]),
                Expected,
                recognized?.Remedy ?? "save the array with numpy.save"
            );
        }
        var version = head[6];
        if (version is < 1 or > 3)
            throw new InvalidFileException(
                name,
                6,
                $"version {version}",
                "version 1, 2 or 3",
                "save the array with numpy.save"
            );
        long headerLength = BinaryPrimitives.ReadUInt16LittleEndian(head[8..]);
        var start = 10;
        if (version > 1)
        {
            stream.ReadAtLeast(head.Slice(10, 2), 2, throwOnEndOfStream: false);
            headerLength = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
            start = 12;
        }
        if (headerLength > Math.Min(MaxHeaderBytes, length - start))
            throw new InvalidFileException(
                name,
                8,
                $"a header of {headerLength} bytes",
                $"one within the file's {length} bytes and of at most {MaxHeaderBytes}",
                "the file is damaged: download or save it again"
            );
        var text = new byte[headerLength];
        ReadAll(name, stream, text, start);
        var header = NpyHeader.Parse(name, start, text, length - start - headerLength);
        if (header.DataBytes > Array.MaxLength)
            throw new InvalidFileException(
                name,
                start,
                $"{header.DataBytes} bytes of data",
                $"at most {Array.MaxLength}",
                "split the array"
            );
        var data = new byte[header.DataBytes];
        ReadAll(name, stream, data, start + headerLength);
        if (stream.ReadByte() >= 0)
            throw new InvalidFileException(
                name,
                length,
                "more bytes than the file declares",
                "the end of the array",
                "save the array again"
            );
        return ToLittleEndianRowMajor(header, data);
    }

    internal static void Write(Stream stream, NpyArray array)
    {
        var shape = array.Shape.Count == 1 ? $"{array.Shape[0]}," : string.Join(", ", array.Shape);
        var text = $"{{'descr': '{array.Type}', 'fortran_order': False, 'shape': ({shape}), }}";
        var length = ((10 + text.Length + 1 + 63) / 64 * 64) - 10; // NumPy aligns the data to 64 bytes
        Span<byte> head = [.. Magic, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(head[8..], (ushort)length);
        stream.Write(head);
        stream.Write(Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n"));
        stream.Write(array.Data.Span);
    }

    private static void ReadAll(string name, Stream stream, byte[] destination, long offset)
    {
        var count = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (count < destination.Length)
            throw new InvalidFileException(
                name,
                offset + count,
                "the end of the file",
                $"{destination.Length - count} more bytes",
                "the file is truncated: download it again"
            );
    }

    private static NpyArray ToLittleEndianRowMajor(NpyHeader header, byte[] data)
    {
        var size = NpyArray.GetItemBytes(header.Type);
        var word = header.Type[1] == 'U' ? 4 : size; // strings consist of 32-bit characters
        if (header.IsBigEndian && header.Type[1] != 'S')
            for (var position = 0; position + word <= data.Length && word > 1; position += word)
                Array.Reverse(data, position, word);
        if (!header.IsFortranOrder || header.Shape.Count < 2)
            return new(header.Type, header.Shape, data);
        var reordered = new byte[data.Length];
        var elements = size == 0 ? 0 : data.Length / size;
        var index = new int[header.Shape.Count];
        for (var element = 0; element < elements; element++)
        {
            var source = 0L;
            var stride = 1L;
            for (var axis = 0; axis < index.Length; axis++)
            {
                source += index[axis] * stride;
                stride *= header.Shape[axis];
            }
            data.AsSpan((int)source * size, size).CopyTo(reordered.AsSpan(element * size));
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == header.Shape[axis]; axis--)
                index[axis] = 0;
        }
        return new(header.Type, header.Shape, reordered);
    }
}
