using System.Buffers.Binary;
using System.Security.Cryptography;

namespace AttnCrnn.Formats.Flac;

/// <summary>The MD5 of a recording's samples, against the one that its encoder wrote.</summary>
internal sealed class FlacMd5 : IDisposable
{
    private readonly FlacStreamInfo info;
    private readonly IncrementalHash? hash;
    private byte[] buffer = [];

    public FlacMd5(FlacStreamInfo head)
    {
        this.info = head;
        if (head.Md5.All(value => value == 0))
            return; // the encoder did not know it
        try
        {
            hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        }
        catch (CryptographicException)
        {
            // A system that allows no MD5 (FIPS) reads FLAC without this check: every frame has its own besides.
        }
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
            Write(frame.Channel(channel), buffer.AsSpan(0, bytes), channel * size, info.Channels * size, size);
        hash.AppendData(buffer, 0, bytes);
    }

    /// <summary>Whether the samples are those that were encoded, as far as can be said.</summary>
    public bool Matches() => hash is null || hash.GetHashAndReset().AsSpan().SequenceEqual(info.Md5);

    public void Dispose() => hash?.Dispose();

    private static void Write(ReadOnlySpan<long> samples, Span<byte> to, int at, int step, int size)
    {
        foreach (var sample in samples)
        {
            if (size == 2)
                BinaryPrimitives.WriteInt16LittleEndian(to[at..], (short)sample);
            else
                for (var i = 0; i < size; i++)
                    to[at + i] = (byte)(sample >> (8 * i));
            at += step;
        }
    }
}
