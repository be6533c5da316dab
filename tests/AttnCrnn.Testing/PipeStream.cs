namespace AttnCrnn.Testing;

/// <summary>Bytes that can only be read once, in order, a few at a time, as from a network.</summary>
internal sealed class PipeStream(byte[] bytes) : Stream
{
    private const int MaxRead = 1000;

    /// <summary>Number of bytes that were read.</summary>
    public int Count { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = Math.Min(Math.Min(count, MaxRead), bytes.Length - Count);
        bytes.AsSpan(Count, read).CopyTo(buffer.AsSpan(offset));
        Count += read;
        return read;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
