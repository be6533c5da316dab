using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using AttnCrnn.IO;

namespace AttnCrnn.Reports.TensorBoard;

/// <summary>
/// An event file of TensorBoard's: records of a length, its check sum, a protobuf <c>Event</c> and its check sum (TensorFlow's record_writer.h and
/// event.proto). Each record is written whole and flushed, so that a reader beside a running training, or after a kill, finds what was said.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private const uint MaskDelta = 0xa282ead8;

    private readonly FileStream stream;
    private readonly TimeProvider clock;

    /// <param name="folder">As TensorBoard groups curves: <c>logs/RUN/train</c>, <c>logs/RUN/validation</c>. A run that goes on gets a file beside the first.</param>
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
        Write(message => message.Text(3, "brain.Event:2"));
    }

    /// <summary>Adds a point of a curve.</summary>
    /// <param name="tag">The curve's name, as in <c>epoch_loss</c>.</param>
    /// <param name="step">Counted from 0, as Keras counts epochs.</param>
    public void Scalar(string tag, long step, double value)
    {
        Write(message =>
        {
            message.Int(2, step);
            message.Message(5, summary => summary.Message(1, protobufWriter =>
                {
                    protobufWriter.Text(1, tag);
                    protobufWriter.Message(9, metadata =>
                    {
                        metadata.Message(1, plugin => plugin.Text(1, "scalars"));
                        metadata.Int(4, 1); // DATA_CLASS_SCALAR
                    });
                    protobufWriter.Message(8, tensor =>
                    {
                        tensor.Int(1, 1); // DT_FLOAT
                        tensor.Message(2, _ => { });
                        tensor.Float(5, (float)value);
                    });
                }));
        });
    }

    public void Dispose() => stream.Dispose();

    private void Write(Action<ProtobufWriter> content)
    {
        var message = new ProtobufWriter();
        message.Double(1, clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0);
        content(message);
        var data = message.ToArray();
        var record = new byte[data.Length + 16];
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), Masked(record.AsSpan(0, 8)));
        data.CopyTo(record, 12);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(12 + data.Length), Masked(data));
        stream.Write(record);
        stream.Flush();
    }

    // CRC-32C, turned and shifted, so that a check sum of data that holds check sums is still one.
    private static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return BitOperations.RotateRight(~crc, 15) + MaskDelta;
    }
}
