namespace AttnCrnn.IO;

/// <summary>
/// Reads protocol buffer fields in wire format (protobuf.dev/programming-guides/encoding), the counterpart of
/// <see cref="ProtobufWriter"/>. Lengths are checked against the message; nothing is copied.
/// </summary>
/// <param name="message">One message; a nested one is read by another reader.</param>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    private const int MaxVarintBits = 63;

    private ReadOnlySpan<byte> remaining = message;

    /// <summary>Moves to the next field.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="InvalidDataException">The message is damaged, or has a group (wire types 3 and 4).</exception>
    public bool Read()
    {
        if (remaining.IsEmpty)
            return false;
        var tag = ReadVarint();
        Field = (int)(tag >> 3);
        Bytes = default;
        Integer = 0;
        switch (tag & 7)
        {
            case 0:
                Integer = (long)ReadVarint();
                break;
            case 1:
                Bytes = Take(8);
                break;
            case 2:
                Bytes = Take(ReadVarint());
                break;
            case 5:
                Bytes = Take(4);
                break;
            default:
                throw new InvalidDataException($"wire type {tag & 7} of field {Field}");
        }
        return true;
    }

    /// <summary>Number of the field.</summary>
    public int Field { get; private set; }

    /// <summary>The value of a varint field; otherwise 0.</summary>
    public long Integer { get; private set; }

    /// <summary>The value of a field of any other kind: text, bytes, a nested message, 4 or 8 bytes.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)remaining.Length)
            throw new InvalidDataException($"field {Field} of {length} bytes, {remaining.Length} left");
        var bytes = remaining[..(int)length];
        remaining = remaining[(int)length..];
        return bytes;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift <= MaxVarintBits; shift += 7)
        {
            var part = Take(1)[0];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
                return value;
        }
        throw new InvalidDataException("a varint of more than 10 bytes");
    }
}
