using System.Buffers.Binary;
using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>One structure of an HDF5 file, read from its first byte on and never beyond its last; numbers are little-endian.</summary>
/// <param name="end">The byte after the last.</param>
/// <param name="what">As in "the superblock".</param>
internal sealed class Hdf5Cursor(Hdf5Bytes file, long at, long end, string what)
{
    /// <summary>The address that stands for none.</summary>
    public const long Undefined = -1;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The next byte, counted from the file's start.</summary>
    public long At { get; private set; } = at;

    public long Remaining => end - At;

    public byte Byte() => Take(1)[0];

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>A count or length of 1, 2, 4 or 8 bytes.</summary>
    public long Length(int bytes = 8)
    {
        var from = At;
        ulong value = 0;
        foreach (var digit in Take(bytes))
            value = (value >> 8) | ((ulong)digit << 56);
        value >>= 64 - (8 * bytes);
        return value <= long.MaxValue
            ? (long)value
            : throw file.Error(from, $"a length of {value}", $"one within the file's {file.Length} bytes");
    }

    /// <summary>A place in the file, or <see cref="Undefined"/>.</summary>
    public long Address()
    {
        var from = At;
        var value = BinaryPrimitives.ReadUInt64LittleEndian(Take(8));
        if (value == ulong.MaxValue)
            return Undefined;
        return value < (ulong)file.Length
            ? (long)value
            : throw file.Error(from, $"address {value}", $"one within the file's {file.Length} bytes");
    }

    /// <summary>A text in UTF-8, of which ASCII is a part.</summary>
    /// <param name="padding">What may stand after it: NUL, as HDF5 writes it, or blanks.</param>
    public string Text(long bytes, char padding = '\0')
    {
        var from = At;
        var text = Take(bytes);
        if (padding == '\0' && text.IndexOf((byte)0) is >= 0 and var terminator)
            text = text[..terminator];
        else
            text = text.TrimEnd((byte)padding);
        try
        {
            return Strict.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw file.Error(from, "a text that is not UTF-8", "UTF-8");
        }
    }

    public void Skip(long bytes) => Take(bytes);

    /// <summary>Goes to the next multiple of 8 bytes from the structure's start.</summary>
    public void Align(long start) => Skip((8 - ((At - start) % 8)) % 8);

    /// <exception cref="InvalidFileException">Other bytes stand here.</exception>
    public void Require(ReadOnlySpan<byte> signature)
    {
        var from = At;
        var found = Take(signature.Length);
        if (!found.SequenceEqual(signature))
            throw file.Error(from, $"{InputFile.Show(found)} where {what} should be", InputFile.Show(signature));
    }

    /// <summary>The checksum that stands here, if it is that of the bytes from <paramref name="start"/> to here.</summary>
    public void RequireChecksum(long start)
    {
        var from = At;
        var right = Hdf5Checksum.Lookup3(file.Span(start, At - start));
        if (UInt32() is var found && found != right)
            throw file.Error(from, $"checksum 0x{found:X8} of {what}", $"0x{right:X8}, that of its bytes");
    }

    /// <summary>A version, or whatever stands for one.</summary>
    /// <param name="names">As in "object header version".</param>
    public int Version(string names, int min, int max)
    {
        var from = At;
        var found = Byte();
        if (found >= min && found <= max)
            return found;
        throw file.Error(from, $"{names} {found}", min == max ? $"{min}" : $"{min} to {max}", Hdf5Bytes.Damaged);
    }

    private ReadOnlySpan<byte> Take(long bytes)
    {
        if (bytes < 0 || bytes > Remaining)
            throw file.Error(At, $"{Remaining} bytes left of {what}", $"{bytes} more");
        At += bytes;
        return file.Span(At - bytes, bytes);
    }
}
