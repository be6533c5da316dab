using System.Buffers.Binary;
using AttnCrnn.Numerics.Hashing;

namespace AttnCrnn.Formats.Flac;

/// <summary>Verifies the MD5 of a recording's samples.</summary>
internal sealed class FlacMd5
{
    private readonly FlacStreamInfo info;
    private readonly Md5Hash? hash; // null if the MD5 is not declared
    private byte[] buffer = [];

    public FlacMd5(FlacStreamInfo info)
    {
        this.info = info;
        if (info.Md5.Any(value => value != 0))
            hash = new Md5Hash();
    }

    /// <summary>Adds a frame's samples.</summary>
    public void Add(FlacFrame frame)
    {
        if (hash is null)
            return;
        var size = (info.Bits + 7) / 8;
        var bytes = frame.Header.BlockSize * info.Channels * size;
        if (buffer.Length < bytes)
            buffer = new byte[bytes];
        for (var channel = 0; channel < info.Channels; channel++)
            Write(frame.GetChannel(channel), buffer.AsSpan(0, bytes), channel * size, info.Channels * size, size);
        hash.Append(buffer.AsSpan(0, bytes));
    }

    /// <summary>Whether the MD5 matches; true if it is not declared.</summary>
    public bool Matches() => hash is null || hash.Finish().AsSpan().SequenceEqual(info.Md5);

    private static void Write(ReadOnlySpan<long> samples, Span<byte> destination, int offset, int step, int size)
    {
        foreach (var sample in samples)
        {
            if (size == 2)
                BinaryPrimitives.WriteInt16LittleEndian(destination[offset..], (short)sample);
            else
                for (var i = 0; i < size; i++)
                    destination[offset + i] = (byte)(sample >> (8 * i));
            offset += step;
        }
    }
}
