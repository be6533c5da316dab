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
        var message = new byte[Length];
        var index = 0;
        foreach (var part in parts)
        {
            part.Span.CopyTo(message.AsSpan(index));
            index += part.Length;
        }
        bytes.WrittenSpan.CopyTo(message.AsSpan(index));
        return message;
    }

    private long Length => partBytes + bytes.WrittenCount;

    public void WriteInt(int field, long value)
    {
        WriteTag(field, wireType: 0);
        WriteVarint((ulong)value);
    }

    public void WriteFloat(int field, float value)
    {
        WriteTag(field, wireType: 5);
        Span<byte> encoded = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(encoded, value);
        bytes.Write(encoded);
    }

    public void WriteDouble(int field, double value)
    {
        WriteTag(field, wireType: 1);
        Span<byte> encoded = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(encoded, value);
        bytes.Write(encoded);
    }

    public void WriteText(int field, string value) => WriteBytes(field, Encoding.UTF8.GetBytes(value));

    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, wireType: 2);
        WriteVarint((ulong)value.Length);
        bytes.Write(value);
    }

    /// <summary>Bytes that must not change until <see cref="ToArray"/>: large arrays are kept by reference.</summary>
    public void WriteBytes(int field, ReadOnlyMemory<byte> value)
    {
        WriteTag(field, wireType: 2);
        WriteVarint((ulong)value.Length);
        Append(value);
    }

    /// <summary>A nested message.</summary>
    public void WriteMessage(int field, Action<ProtobufWriter> write)
    {
        var nested = new ProtobufWriter();
        write(nested);
        WriteTag(field, wireType: 2);
        WriteVarint((ulong)nested.Length);
        foreach (var part in nested.parts)
            Append(part);
        Append(nested.bytes.WrittenMemory);
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

    private void WriteTag(int field, int wireType) => WriteVarint((ulong)((field << 3) | wireType));

    private void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            WriteByte((byte)(value | 0x80));
        }
        WriteByte((byte)value);
    }

    private void WriteByte(byte value)
    {
        bytes.GetSpan(1)[0] = value;
        bytes.Advance(1);
    }
}
