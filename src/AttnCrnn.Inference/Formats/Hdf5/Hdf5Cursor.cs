using System.Buffers.Binary;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>Reads one structure of an HDF5 file sequentially within its bounds; numbers are little-endian.</summary>
/// <param name="offset">Offset of the first byte.</param>
/// <param name="end">Offset after the last byte.</param>
/// <param name="description">Name for messages, for example "the superblock".</param>
internal sealed class Hdf5Cursor(Hdf5Bytes file, long offset, long end, string description)
{
    /// <summary>The undefined address.</summary>
    public const long Undefined = -1;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>File offset of the next byte.</summary>
    public long Offset { get; private set; } = offset;

    public long Remaining => end - Offset;

    public byte ReadByte() => Advance(1)[0];

    public int ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Advance(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Advance(4));

    /// <summary>A count or length of 1, 2, 4 or 8 bytes.</summary>
    public long ReadLength(int bytes = 8)
    {
        var start = Offset;
        ulong value = 0;
        foreach (var digit in Advance(bytes))
            value = (value >> 8) | ((ulong)digit << 56);
        value >>= 64 - (8 * bytes);
        return value <= long.MaxValue
            ? (long)value
            : throw file.Error(start, $"a length of {value}", $"one within the file's {file.Length} bytes");
    }

    /// <summary>A file address, or <see cref="Undefined"/>.</summary>
    public long ReadAddress()
    {
        var start = Offset;
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Advance(8));
        if (value == ulong.MaxValue)
            return Undefined;
        return value < (ulong)file.Length
            ? (long)value
            : throw file.Error(start, $"address {value}", $"one within the file's {file.Length} bytes");
    }

    /// <summary>A UTF-8 or ASCII string.</summary>
    /// <param name="bytes">Size in the file, including padding.</param>
    /// <param name="padding">Padding character: NUL or space.</param>
    public string ReadText(long bytes, char padding = '\0')
    {
        var start = Offset;
        var text = Advance(bytes);
        text =
            padding == '\0' && text.IndexOf((byte)0) is >= 0 and var terminator
                ? text[..terminator]
                : text.TrimEnd((byte)padding);
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw file.Error(start, "a string that is not UTF-8", "UTF-8");
        }
    }

    public void Skip(long bytes) => Advance(bytes);

    /// <summary>Skips to the next multiple of 8 bytes from <paramref name="origin"/>.</summary>
    public void Align(long origin) => Skip((8 - ((Offset - origin) % 8)) % 8);

    /// <exception cref="InvalidFileException">The bytes differ from the signature.</exception>
    public void Require(ReadOnlySpan<byte> signature)
    {
        var start = Offset;
        var found = Advance(signature.Length);
        if (!found.SequenceEqual(signature))
            throw file.Error(
                start,
                $"{InputFile.FormatBytes(found)} where {description} should be",
                InputFile.FormatBytes(signature)
            );
    }

    /// <summary>Reads the checksum of the bytes from <paramref name="origin"/> to here and verifies it.</summary>
    public void RequireChecksum(long origin)
    {
        var start = Offset;
        var expected = Hdf5Checksum.Lookup3(file.GetSpan(origin, Offset - origin));
        if (ReadUInt32() is var found && found != expected)
            throw file.Error(
                start,
                $"checksum 0x{found:X8} of {description}",
                $"0x{expected:X8}, computed from its bytes"
            );
    }

    /// <summary>Reads a version byte and requires it to be in a range.</summary>
    /// <param name="name">Name for messages, for example "object header version".</param>
    public int ReadVersion(string name, int min, int max)
    {
        var start = Offset;
        var found = ReadByte();
        if (found >= min && found <= max)
            return found;
        throw file.Error(start, $"{name} {found}", min == max ? $"{min}" : $"{min} to {max}", Hdf5Bytes.Damaged);
    }

    private ReadOnlySpan<byte> Advance(long bytes)
    {
        if (bytes < 0 || bytes > Remaining)
            throw file.Error(Offset, $"{Remaining} bytes left of {description}", $"{bytes} more");
        Offset += bytes;
        return file.GetSpan(Offset - bytes, bytes);
    }
}
