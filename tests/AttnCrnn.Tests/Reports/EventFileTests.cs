using System.Buffers.Binary;
using System.Text;
using AttnCrnn.Reports.TensorBoard;

namespace AttnCrnn.Tests.Reports;

/// <summary>Read back by the format's definition: TensorFlow's record_writer.h and event.proto.</summary>
public sealed class EventFileTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Checksums_are_CRC_32C()
    {
        Assert.Equal(0xE3069283, Crc("123456789"u8)); // the check value of CRC-32/ISCSI
    }

    [Fact]
    public void An_epoch_has_Keras_tags_and_a_resumed_run_adds_a_file()
    {
        using (var log = new EventLog(folder.Path, TimeProvider.System))
            log.Add(new(1, 1.5, 0.25, 1.75, 0.5, 0.375, 0.001, 2));
        using (var log = new EventLog(folder.Path, TimeProvider.System))
            log.Add(new(2, 1.25, 0.5, 1.5, 0.625, 0.5, 0.0005, 2));
        Assert.Equal(2, Directory.GetFiles(folder.PathOf("train")).Length);
        Assert.Equal(
            [
                ("epoch_loss", 0, 1.5f),
                ("epoch_accuracy", 0, 0.25f),
                ("epoch_learning_rate", 0, 0.001f),
                ("epoch_loss", 1, 1.25f),
                ("epoch_accuracy", 1, 0.5f),
                ("epoch_learning_rate", 1, 0.0005f),
            ],
            Points("train")
        );
        Assert.Equal(
            [
                ("epoch_loss", 0, 1.75f),
                ("epoch_accuracy", 0, 0.5f),
                ("epoch_uar", 0, 0.375f),
                ("epoch_loss", 1, 1.5f),
                ("epoch_accuracy", 1, 0.625f),
                ("epoch_uar", 1, 0.5f),
            ],
            Points("validation")
        );
    }

    private (string Tag, long Step, float Value)[] Points(string part) =>
        [
            .. Directory
                .GetFiles(folder.PathOf(part))
                .Order(StringComparer.Ordinal)
                .SelectMany(Records)
                .Where(record => Field(record, 5) is not null)
                .Select(record =>
                {
                    var value = (byte[])Field((byte[])Field(record, 5)!, 1)!;
                    Assert.Equal(
                        "scalars",
                        Encoding.UTF8.GetString((byte[])Field((byte[])Field((byte[])Field(value, 9)!, 1)!, 1)!)
                    );
                    var tensor = (byte[])Field(value, 8)!;
                    Assert.Equal(1L, Field(tensor, 1)); // DT_FLOAT
                    return (
                        Encoding.UTF8.GetString((byte[])Field(value, 1)!),
                        (long)(Field(record, 2) ?? 0L),
                        BitConverter.ToSingle((byte[])Field(tensor, 5)!)
                    );
                }),
        ];

    private static IEnumerable<byte[]> Records(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var first = true;
        for (var offset = 0; offset < bytes.Length; )
        {
            var length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(offset));
            Assert.Equal(
                ComputeMaskedCrc(bytes.AsSpan(offset, 8)),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset + 8))
            );
            var data = bytes[(offset + 12)..(offset + 12 + length)];
            Assert.Equal(
                ComputeMaskedCrc(data),
                BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset + 12 + length))
            );
            if (first)
                Assert.Equal("brain.Event:2", Encoding.UTF8.GetString((byte[])Field(data, 3)!));
            first = false;
            yield return data;
            offset += length + 16;
        }
    }

    // The first field with that number: an integer, or bytes.
    private static object? Field(byte[] message, int number)
    {
        for (var offset = 0; offset < message.Length; )
        {
            var tag = Varint(message, ref offset);
            object value = (tag & 7) switch
            {
                0 => (long)Varint(message, ref offset),
                1 => Take(message, ref offset, 8),
                5 => Take(message, ref offset, 4),
                _ => Take(message, ref offset, (int)Varint(message, ref offset)),
            };
            if (tag >> 3 == (ulong)number)
                return value;
        }
        return null;
    }

    private static byte[] Take(byte[] message, ref int offset, int count)
    {
        offset += count;
        return message[(offset - count)..offset];
    }

    private static ulong Varint(byte[] message, ref int offset)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[offset++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
    }

    private static uint ComputeMaskedCrc(ReadOnlySpan<byte> data)
    {
        var crc = Crc(data);
        return ((crc >> 15) | (crc << 17)) + 0xa282ead8;
    }

    // Bit by bit, with the reflected polynomial of CRC-32C.
    private static uint Crc(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        return ~crc;
    }
}
