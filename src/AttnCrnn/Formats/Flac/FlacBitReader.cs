using System.Buffers.Binary;
using System.Numerics;

namespace AttnCrnn.Formats.Flac;

/// <summary>A place in a FLAC stream, bit by bit, the most significant first.</summary>
/// <remarks>Whoever reads beyond the end gets an <see cref="EndOfStreamException"/>: the frame is not whole.</remarks>
internal ref struct FlacBitReader
{
    /// <summary>Zero bytes that must follow the stream, because every look takes in 64 bits at once.</summary>
    public const int Padding = 8;

    private const int GuaranteedBits = 57; // what a look gives from wherever in a byte it starts

    private readonly FlacByteReader file;
    private readonly ReadOnlySpan<byte> padded;
    private readonly long end;
    private long at; // in bits, never beyond the end

    public FlacBitReader(FlacByteReader file, int atByte)
    {
        this.file = file;
        padded = file.Padded;
        end = 8L * file.Length;
        at = 8L * atByte;
        if (at > end)
            throw new EndOfStreamException();
    }

    /// <summary>The byte in which the next bit stands.</summary>
    public readonly int Byte => (int)(at >> 3);

    /// <summary>An unsigned number of 0 to 32 bits.</summary>
    public uint Read(int count)
    {
        var value = Look() >> 1 >> (63 - count); // a shift by 64 would be none
        Skip(count);
        return (uint)value;
    }

    /// <summary>A signed number of 0 to 33 bits, in two's complement.</summary>
    public long ReadSigned(int count)
    {
        if (count == 0)
            return 0;
        var value = (long)Look() >> (64 - count);
        Skip(count);
        return value;
    }

    /// <summary>How many zeros stand before the next one.</summary>
    public long ReadUnary()
    {
        for (long zeros = 0; ; zeros += GuaranteedBits)
        {
            var here = BitOperations.LeadingZeroCount(Look());
            Skip(Math.Min(here + 1, GuaranteedBits));
            if (here < GuaranteedBits)
                return zeros + here;
        }
    }

    /// <summary>Numbers in Rice's code: the upper part in unary, the lower in <paramref name="parameter"/> bits, the sign in the lowest.</summary>
    /// <param name="parameter">0 to 30.</param>
    public void ReadRice(Span<long> numbers, int parameter)
    {
        var place = at; // a local stays in a register, the field would not
        foreach (ref var number in numbers)
        {
            var window = BinaryPrimitives.ReadUInt64BigEndian(padded[(int)(place >> 3)..]) << (int)(place & 7);
            var upper = (long)BitOperations.LeadingZeroCount(window);
            var lower = window << (int)upper << 1 >> 1 >> (63 - parameter);
            place += upper + 1 + parameter;
            if (upper + 1 + parameter > GuaranteedBits)
                (upper, lower, place) = ReadLongRice(place - upper - 1 - parameter, parameter);
            if (place > end)
                throw new EndOfStreamException();
            var code = (upper << parameter) | (long)lower;
            number = (long)((ulong)code >> 1) ^ -(code & 1);
        }
        at = place;
    }

    public void ToByte()
    {
        at = (at + 7) & ~7L;
    }

    /// <summary>The stream's bytes from one place to this one.</summary>
    public readonly ReadOnlySpan<byte> Since(int atByte) => padded[atByte..Byte];

    /// <summary>What to throw for what stands before this place.</summary>
    public readonly InvalidFileException Damage(string found, string expected) => file.Damage(Byte, found, expected);

    private (long Upper, ulong Lower, long Place) ReadLongRice(long from, int parameter)
    {
        at = from;
        var upper = ReadUnary();
        return (upper, Read(parameter), at);
    }

    private readonly ulong Look() => BinaryPrimitives.ReadUInt64BigEndian(padded[(int)(at >> 3)..]) << (int)(at & 7);

    private void Skip(int count)
    {
        if (count > end - at)
            throw new EndOfStreamException();
        at += count;
    }
}
