using System.Buffers.Binary;
using System.Text;

namespace AttnCrnn.Testing.Formats;

/// <summary>Messages of HDF5 object headers, and their numbers (HDF5 File Format Specification 3.0).</summary>
internal static class Hdf5MessageBuilder
{
    public const long Undefined = -1;

    public static byte[] Scalar => [2, 0, 0, 0];

    public static byte[] Float32Type { get; } = Float(4, 31, 23, 8, 23, 127);

    public static byte[] Int64Type { get; } = Integer(8, signed: true);

    /// <summary>A message of a version 2 header.</summary>
    public static byte[] Message(int type, byte[] content, int flags = 0) =>
        [(byte)type, .. Short(content.Length), (byte)flags, .. content];

    public static byte[] Link(string name, long address) => Link(Encoding.UTF8.GetBytes(name), address);

    public static byte[] Link(byte[] name, long address) =>
        Message(0x06, [1, 0x11, 1, .. Short(name.Length), .. name, .. Long(address)]);

    /// <summary>A soft, external or user-defined link.</summary>
    public static byte[] Link(string name, int type, byte[] content) =>
        Message(
            0x06,
            [
                1,
                0x19,
                (byte)type,
                1,
                .. Short(name.Length),
                .. Encoding.UTF8.GetBytes(name),
                .. Short(content.Length),
                .. content,
            ]
        );

    public static byte[] Continue(long offset, long length) => Message(0x10, [.. Long(offset), .. Long(length)]);

    public static byte[] Space(params long[] shape) =>
        [2, (byte)shape.Length, 0, (byte)(shape.Length == 0 ? 0 : 1), .. shape.SelectMany(Long)];

    /// <summary>A version 3 layout message: contiguous.</summary>
    public static byte[] Layout(long offset, long length) => [3, 1, .. Long(offset), .. Long(length)];

    public static byte[] Integer(int size, bool signed) =>
        [0x10, (byte)(signed ? 8 : 0), 0, 0, .. Int(size), 0, 0, .. Short(8 * size)];

    public static byte[] Float(int size, int sign, int exponentAt, int exponentBits, int mantissaBits, int bias) =>
        [
            0x11,
            0x20,
            (byte)sign,
            0,
            .. Int(size),
            0,
            0,
            .. Short(8 * size),
            (byte)exponentAt,
            (byte)exponentBits,
            0,
            (byte)mantissaBits,
            .. Int(bias),
        ];

    public static byte[] FixedText(int size) => [0x13, 0, 0, 0, .. Int(size)];

    public static byte[] AnyText => [0x19, 1, 1, 0, .. Int(16), .. FixedText(1)];

    /// <summary>A reference to a string in the global heap.</summary>
    public static byte[] InHeap(long length, long heap, int number) =>
        [.. Int((int)length), .. Long(heap), .. Int(number)];

    public static byte[] Attribute(string name, byte[] type, byte[] space, byte[] content, int flags = 0)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(name), 0];
        return Message(
            0x0C,
            [
                3,
                (byte)flags,
                .. Short(text.Length),
                .. Short(type.Length),
                .. Short(space.Length),
                1,
                .. text,
                .. type,
                .. space,
                .. content,
            ]
        );
    }

    public static byte[] Short(int value) => [(byte)value, (byte)(value >> 8)];

    public static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    public static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
