using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AttnCrnn.IO;

/// <summary>
/// Writes protocol buffer fields in wire format (protobuf.dev/programming-guides/encoding), for ONNX models and event
/// files. A protobuf library would need thousands of lines of generated classes for a handful of messages.
/// </summary>
internal sealed class ProtobufWriter
{
    private const int MinReferenced = 1 << 12; // bytes; smaller arrays are copied

    // Completed parts in order: small fields collected in one array, large arrays by reference.
    private readonly List<ReadOnlyMemory<byte>> parts = [];
    private ArrayBufferWriter<byte> bytes = new();
    private long partBytes;

    /// <summary>The complete message, in one array.</summary>
    public byte[] ToArray()
    {
        var all = new byte[Length];
        var index = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(all.AsSpan(index));
            index += part.Length;
        }
        bytes.WrittenSpan.CopyTo(all.AsSpan(index));
        return all;
    }

    private long Length => partBytes + bytes.WrittenCount;

    public void Int(int field, long value)
    {
        Tag(field, wireType: 0);
        Varint((ulong)value);
    }

    public void Float(int field, float value)
    {
        Tag(field, wireType: 5);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.Write(four);
    }

    public void Double(int field, double value)
    {
        Tag(field, wireType: 1);
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, value);
        bytes.Write(eight);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, wireType: 2);
        Varint((ulong)value.Length);
        bytes.Write(value);
    }

    /// <summary>Bytes that must not change until <see cref="ToArray"/>: large arrays are kept by reference.</summary>
    public void Bytes(int field, ReadOnlyMemory<byte> value)
    {
        Tag(field, wireType: 2);
        Varint((ulong)value.Length);
        Append(value);
    }

    /// <summary>A nested message.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Tag(field, wireType: 2);
        Varint((ulong)inner.Length);
        foreach (var part in inner.parts)
            Append(part);
        Append(inner.bytes.WrittenMemory);
    }

    private void Append(ReadOnlyMemory<byte> value)
    {
        if (value.Length < MinReferenced)
        {
            bytes.Write(value.Span);
            return;
        }
        Add(bytes.WrittenMemory);
        Add(value);
        bytes = new();
    }

    private void Add(ReadOnlyMemory<byte> part)
    {
        parts.Add(part);
        partBytes += part.Length;
    }

    private void Tag(int field, int wireType) => Varint((ulong)((field << 3) | wireType));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }
        Byte((byte)value);
    }

    private void Byte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }
}
