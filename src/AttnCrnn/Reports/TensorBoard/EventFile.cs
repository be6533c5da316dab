using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using AttnCrnn.IO;

namespace AttnCrnn.Reports.TensorBoard;

/// <summary>
/// A TensorBoard event file: records of a length, its checksum, a protobuf <c>Event</c> and its checksum (TensorFlow's
/// record_writer.h and event.proto). Each record is written at once and flushed, so that it can be read during training
/// and after a kill.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    private readonly FileStream stream;
    private readonly TimeProvider clock;

    /// <param name="folder">
    /// Folder of the curves, <c>logs/RUN/train</c> or <c>logs/RUN/validation</c>. A resumed run adds a file.
    /// </param>
    public EventFile(string folder, TimeProvider clock)
    {
        this.clock = clock;
        Directory.CreateDirectory(folder);
        for (var number = 0; ; number++)
        {
            var path = Path.Combine(
                folder,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"events.out.tfevents.{clock.GetUtcNow().ToUnixTimeSeconds():D10}.attn-crnn.{number}.v2"
                )
            );
            if (File.Exists(path))
                continue;
            stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            break;
        }
        Write(message => message.WriteText(3, "brain.Event:2"));
    }

    /// <summary>Logs a point of a curve.</summary>
    /// <param name="tag">Name of the curve, such as <c>epoch_loss</c>.</param>
    /// <param name="step">Counted from 0, as Keras counts epochs.</param>
    public void WriteScalar(string tag, long step, double value)
    {
        Write(message =>
        {
            message.WriteInt(2, step);
            message.WriteMessage(5, summary => summary.WriteMessage(1, point =>
                {
                    point.WriteText(1, tag);
                    point.WriteMessage(9, metadata =>
                    {
                        metadata.WriteMessage(1, plugin => plugin.WriteText(1, "scalars"));
                        metadata.WriteInt(4, 1); // DATA_CLASS_SCALAR
                    });
                    point.WriteMessage(8, tensor =>
                    {
                        tensor.WriteInt(1, 1); // DT_FLOAT
                        tensor.WriteMessage(2, _ => { });
                        tensor.WriteFloat(5, (float)value);
                    });
                }));
        });
    }

    public void Dispose() => stream.Dispose();

    private void Write(Action<ProtobufWriter> content)
    {
        var message = new ProtobufWriter();
        message.WriteDouble(1, clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        content(message);
        var data = message.ToArray();
        var record = new byte[data.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Mask(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), Mask(data));
        stream.Write(record);
        stream.Flush();
    }

    // Masked CRC-32C (rotated, plus a constant): avoids CRCs of data that contains CRCs.
    private static uint Mask(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
