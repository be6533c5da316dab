using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AttnCrnn.Formats;

/// <summary>
/// Protocol-buffer fields in their wire format (protobuf.dev/programming-guides/encoding): enough to write ONNX models and event files.
/// A library would need generated classes, thousands of lines for a handful of messages.
/// </summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public byte[] ToArray() => bytes.WrittenSpan.ToArray();

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

    /// <summary>A message within this one.</summary>
    public void Message(int field, Action<ProtobufWriter> write)
    {
        var inner = new ProtobufWriter();
        write(inner);
        Bytes(field, inner.bytes.WrittenSpan);
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
