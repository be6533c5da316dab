using System.Buffers.Binary;
using System.Numerics;

namespace AttnCrnn.Formats.Flac;

/// <summary>Reads a FLAC stream bit by bit, most significant bit first.</summary>
/// <remarks>Reading beyond the end throws <see cref="EndOfStreamException"/>: the frame is truncated.</remarks>
internal ref struct FlacBitReader
{
    /// <summary>Zero bytes required after the stream, because every peek reads 64 bits.</summary>
    public const int Padding = 8;

    private const int GuaranteedBits = 57; // bits of a peek that are valid at any bit offset

    private readonly FlacBytes file;
    private readonly ReadOnlySpan<byte> padded;
    private readonly long end;
    private long bitPosition; // in bits, never beyond the end

    public FlacBitReader(FlacBytes file, int byteOffset)
    {
        this.file = file;
        padded = file.Padded;
        end = 8L * file.Length;
        bitPosition = 8L * byteOffset;
        if (bitPosition > end)
            throw new EndOfStreamException();
    }

    /// <summary>Byte offset of the next bit.</summary>
    public readonly int Byte => (int)(bitPosition >> 3);

    /// <summary>Reads an unsigned number of 0 to 32 bits.</summary>
    public uint Read(int count)
    {
        var value = Peek() >> 1 >> (63 - count); // in two steps: a shift by 64 would be a shift by 0
        Skip(count);
        return (uint)value;
    }

    /// <summary>Reads a two's complement number of 0 to 33 bits.</summary>
    public long ReadSigned(int count)
    {
        if (count == 0)
            return 0;
        var value = (long)Peek() >> (64 - count);
        Skip(count);
        return value;
    }

    /// <summary>Reads a unary number: the count of zeros before the next one.</summary>
    public long ReadUnary()
    {
        for (long zeros = 0; ; zeros += GuaranteedBits)
        {
            var leading = BitOperations.LeadingZeroCount(Peek());
            Skip(Math.Min(leading + 1, GuaranteedBits));
            if (leading < GuaranteedBits)
                return zeros + leading;
        }
    }

    /// <summary>
    /// Reads Rice-coded numbers: the quotient in unary, the remainder in <paramref name="parameter"/> bits, the sign
    /// in the lowest bit.
    /// </summary>
    /// <param name="numbers">Destination.</param>
    /// <param name="parameter">Rice parameter, 0 to 30.</param>
    public void ReadRice(Span<long> numbers, int parameter)
    {
        var position = bitPosition; // a local stays in a register, unlike the field
        foreach (ref var number in numbers)
        {
            var window = BinaryPrimitives.ReadUInt64BigEndian(padded[(int)(position >> 3)..]) << (int)(position & 7);
            var upper = (long)BitOperations.LeadingZeroCount(window);
            var lower = window << (int)upper << 1 >> 1 >> (63 - parameter);
            position += upper + 1 + parameter;
            if (upper + 1 + parameter > GuaranteedBits)
                (upper, lower, position) = ReadLongRice(position - upper - 1 - parameter, parameter);
            if (position > end)
                throw new EndOfStreamException();
            var code = (upper << parameter) | (long)lower;
            number = (long)((ulong)code >> 1) ^ -(code & 1);
        }
        bitPosition = position;
    }

    public void AlignToByte() => bitPosition = (bitPosition + 7) & ~7L;

    /// <summary>The bytes from an offset to the current position.</summary>
    public readonly ReadOnlySpan<byte> GetBytesSince(int byteOffset) => padded[byteOffset..Byte];

    /// <summary>Creates an exception for invalid data before the current position.</summary>
    public readonly InvalidFileException Error(string found, string expected) => file.Error(Byte, found, expected);

    private (long Upper, ulong Lower, long Place) ReadLongRice(long start, int parameter)
    {
        bitPosition = start;
        var upper = ReadUnary();
        return (upper, Read(parameter), bitPosition);
    }

    private readonly ulong Peek() =>
        BinaryPrimitives.ReadUInt64BigEndian(padded[(int)(bitPosition >> 3)..]) << (int)(bitPosition & 7);

    private void Skip(int count)
    {
        if (count > end - bitPosition)
            throw new EndOfStreamException();
        bitPosition += count;
    }
}
