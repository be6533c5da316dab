namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>
/// An object header, version 1 or 2 (HDF5 File Format Specification, section IV.A.1): the messages that describe one
/// group or dataset, in a first chunk and its continuations.
/// </summary>
internal sealed class Hdf5Header
{
    private const int MaxMessages = 65_535; // limit of version 1
    private const int Version2HeaderBytes = 4; // message header of version 2, without creation order
    private const int OrderBytes = 2;
    private const int ChecksumBytes = 4;

    private static ReadOnlySpan<byte> Signature => "OHDR"u8;

    private static ReadOnlySpan<byte> ChunkSignature => "OCHK"u8;

    private readonly Hdf5Bytes file;
    private readonly HashSet<long> visitedChunks = [];
    private readonly Queue<(long Offset, long Bytes)> chunks = new();
    private readonly List<Hdf5Message> messages = [];
    private int count;

    private Hdf5Header(Hdf5Bytes file, long offset)
    {
        this.file = file;
        Offset = offset;
    }

    /// <summary>The header's address.</summary>
    public long Offset { get; }

    /// <summary>The messages in file order, without types that are not needed to read values.</summary>
    public IReadOnlyList<Hdf5Message> Messages => messages;

    /// <exception cref="InvalidFileException">
    /// The header is damaged, contains a cycle, or has an unknown message marked as required.
    /// </exception>
    public static Hdf5Header Read(Hdf5Bytes file, long offset)
    {
        var header = new Hdf5Header(file, offset);
        if (
            offset >= 0
            && file.Length - offset >= Signature.Length
            && file.GetSpan(offset, Signature.Length).SequenceEqual(Signature)
        )
            header.ReadVersion2();
        else
            header.ReadVersion1();
        return header;
    }

    /// <summary>The only message of a type, or null.</summary>
    /// <param name="description">Name for messages, for example "layout".</param>
    /// <exception cref="InvalidFileException">There are two, or the message is shared.</exception>
    public Hdf5Message? FindSingle(Hdf5MessageType type, string description)
    {
        Hdf5Message? single = null;
        foreach (var message in messages)
        {
            if (message.Type != type)
                continue;
            if (single is not null)
                throw file.Error(message.Offset, $"a second {description} in one object header", "one");
            if (message.Flags.HasFlag(Hdf5MessageFlags.Shared))
                throw file.Error(
                    message.Offset,
                    $"a shared {description}, stored elsewhere",
                    $"a {description} in the object's own header",
                    Hdf5Bytes.SaveAgain
                );
            single = message;
        }
        return single;
    }

    public bool Contains(Hdf5MessageType type) => messages.Exists(message => message.Type == type);

    private void ReadVersion1()
    {
        var prefix = file.ClaimPart(Offset, 16, "an object header");
        prefix.ReadVersion("object header version", 1, 1);
        prefix.Skip(1);
        var declaredCount = prefix.ReadUInt16();
        prefix.Skip(4); // reference count
        Continue(Offset, Offset + 16, prefix.ReadUInt32());
        while (chunks.TryDequeue(out var chunk))
        {
            var part = file.ClaimPart(chunk.Offset, chunk.Bytes, "an object header");
            while (part.Remaining > 0)
            {
                var type = part.ReadUInt16();
                var bytes = part.ReadUInt16();
                var flags = part.ReadByte();
                part.Skip(3);
                Add(type, bytes, flags, part);
            }
        }
        if (count != declaredCount)
            throw file.Error(Offset, $"an object header of {count} messages", $"the declared {declaredCount}");
    }

    private void ReadVersion2()
    {
        var prefix = file.ClaimPart(Offset, 6, "an object header");
        prefix.Skip(Signature.Length);
        prefix.ReadVersion("object header version", 2, 2);
        var flags = prefix.ReadByte();
        var hasOrder = (flags & 0x04) != 0;
        var sizeBytes = 1 << (flags & 3);
        // Timestamps, and the thresholds for dense attribute storage.
        var optionalBytes = ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        var fields = file.ClaimPart(Offset + 6, optionalBytes + sizeBytes, "an object header");
        fields.Skip(optionalBytes);
        var bytes = fields.ReadLength(sizeBytes);
        visitedChunks.Add(Offset);
        ReadChunk(
            file.ClaimPart(fields.Offset, bytes <= file.Length ? bytes + ChecksumBytes : bytes, "an object header"),
            Offset,
            hasOrder
        );
        while (chunks.TryDequeue(out var chunk))
        {
            var part = file.ClaimPart(chunk.Offset, chunk.Bytes, "an object header's continuation");
            part.Require(ChunkSignature);
            ReadChunk(part, chunk.Offset, hasOrder);
        }
    }

    private void ReadChunk(Hdf5Cursor part, long start, bool hasOrder)
    {
        var headBytes = Version2HeaderBytes + (hasOrder ? OrderBytes : 0);
        while (part.Remaining >= headBytes + ChecksumBytes)
        {
            var type = part.ReadByte();
            var bytes = part.ReadUInt16();
            var flags = part.ReadByte();
            if (hasOrder)
                part.Skip(OrderBytes);
            if (bytes > part.Remaining - ChecksumBytes)
                throw file.Error(
                    part.Offset,
                    $"a message of {bytes} bytes",
                    $"one within its chunk, {part.Remaining - ChecksumBytes} bytes"
                );
            Add(type, bytes, flags, part);
        }
        part.Skip(Math.Max(0, part.Remaining - ChecksumBytes)); // a gap too small for a message
        part.RequireChecksum(start);
    }

    private void Add(int number, int bytes, byte bits, Hdf5Cursor part)
    {
        var type = (Hdf5MessageType)number;
        var flags = (Hdf5MessageFlags)bits;
        var offset = part.Offset;
        part.Skip(bytes);
        if (++count > MaxMessages)
            throw file.Error(
                offset,
                $"an object header of more than {MaxMessages} messages",
                "fewer",
                Hdf5Bytes.SaveAgain
            );
        if (type == Hdf5MessageType.Nothing)
            return;
        if (type == Hdf5MessageType.Continuation)
            Continue(offset, bytes);
        else if (Enum.IsDefined(type))
            messages.Add(new(type, flags, offset, bytes));
        else if (flags.HasFlag(Hdf5MessageFlags.MustBeKnown))
            throw file.Error(
                offset,
                $"a message of type 0x{number:X2} that must be known",
                "message types of groups and arrays",
                Hdf5Bytes.SaveAgain
            );
    }

    private void Continue(long offset, int bytes)
    {
        var link = new Hdf5Cursor(file, offset, offset + bytes, "a continuation");
        Continue(offset, link.ReadAddress(), link.ReadLength());
    }

    /// <param name="source">File offset of the reference, for messages.</param>
    private void Continue(long source, long offset, long bytes)
    {
        if (!visitedChunks.Add(offset))
            throw file.Error(source, "a cyclic continuation of an object header", "continuations without a cycle");
        chunks.Enqueue((offset, bytes));
    }
}
