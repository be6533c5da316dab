namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// An object header, version 1 or 2 (HDF5 File Format Specification, section IV.A.1): the messages that describe one group or dataset, in a first
/// chunk and others that messages point to.
/// </summary>
internal sealed class Hdf5Header
{
    private const int MaxMessages = 65_535; // what version 1 can count
    private const int Version1HeaderBytes = 8; // of a message in version 1
    private const int Version2HeaderBytes = 4; // in version 2, without its order of creation
    private const int OrderBytes = 2;
    private const int SumBytes = 4;

    private static ReadOnlySpan<byte> Signature => "OHDR"u8;

    private static ReadOnlySpan<byte> ChunkSignature => "OCHK"u8;

    private readonly Hdf5Bytes file;
    private readonly HashSet<long> chunksSeen = [];
    private readonly Queue<(long At, long Bytes)> chunks = new();
    private readonly List<Hdf5Message> messages = [];
    private int count;

    private Hdf5Header(Hdf5Bytes file, long at)
    {
        this.file = file;
        At = at;
    }

    /// <summary>The header's address.</summary>
    public long At { get; }

    /// <summary>As they stand, but for those that no reader of values needs.</summary>
    public IReadOnlyList<Hdf5Message> Messages => messages;

    /// <exception cref="InvalidFileException">The header is damaged, continues into itself, or holds what must be known and is not.</exception>
    public static Hdf5Header Read(Hdf5Bytes file, long at)
    {
        var header = new Hdf5Header(file, at);
        if (at >= 0 && file.Length - at >= Signature.Length && file.Span(at, Signature.Length).SequenceEqual(Signature))
            header.ReadNew();
        else
            header.ReadOld();
        return header;
    }

    /// <summary>The one message of a type, or null where there is none.</summary>
    /// <param name="what">As in "layout".</param>
    /// <exception cref="InvalidFileException">There are two, or it is kept elsewhere.</exception>
    public Hdf5Message? Single(Hdf5MessageType type, string what)
    {
        Hdf5Message? single = null;
        foreach (var message in messages)
        {
            if (message.Type != type)
                continue;
            if (single is not null)
                throw file.Error(message.At, $"a second {what} in one object header", "one");
            if (message.Flags.HasFlag(Hdf5MessageFlags.Shared))
                throw file.Error(
                    message.At,
                    $"a {what} that is kept in another place",
                    "it in the object's own header",
                    Hdf5Bytes.SaveAgain
                );
            single = message;
        }
        return single;
    }

    public bool Contains(Hdf5MessageType type) => messages.Exists(message => message.Type == type);

    private void ReadOld()
    {
        var prefix = file.Part(At, 16, "an object header");
        prefix.Version("object header version", 1, 1);
        prefix.Skip(1);
        var declared = prefix.UInt16();
        prefix.Skip(4); // how many links lead here
        Continue(At, At + 16, prefix.UInt32());
        while (chunks.TryDequeue(out var chunk))
        {
            var part = file.Part(chunk.At, chunk.Bytes, "an object header");
            while (part.Remaining > 0)
            {
                var type = part.UInt16();
                var bytes = part.UInt16();
                var flags = part.Byte();
                part.Skip(3);
                Add(type, bytes, flags, part);
            }
        }
        if (count != declared)
            throw file.Error(At, $"an object header of {count} messages", $"the {declared} that it declares");
    }

    private void ReadNew()
    {
        var prefix = file.Part(At, 6, "an object header");
        prefix.Skip(Signature.Length);
        prefix.Version("object header version", 2, 2);
        var flags = prefix.Byte();
        var hasOrder = (flags & 0x04) != 0;
        var sizeBytes = 1 << (flags & 3);
        var optional = ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0); // times; when attributes move to dense storage
        var rest = file.Part(At + 6, optional + sizeBytes, "an object header");
        rest.Skip(optional);
        var bytes = rest.Length(sizeBytes);
        chunksSeen.Add(At);
        ReadChunk(
            file.Part(rest.At, bytes <= file.Length ? bytes + SumBytes : bytes, "an object header"),
            At,
            hasOrder
        );
        while (chunks.TryDequeue(out var chunk))
        {
            var part = file.Part(chunk.At, chunk.Bytes, "an object header's continuation");
            part.Require(ChunkSignature);
            ReadChunk(part, chunk.At, hasOrder);
        }
    }

    private void ReadChunk(Hdf5Cursor part, long start, bool hasOrder)
    {
        var headBytes = Version2HeaderBytes + (hasOrder ? OrderBytes : 0);
        while (part.Remaining >= headBytes + SumBytes)
        {
            var type = part.Byte();
            var bytes = part.UInt16();
            var flags = part.Byte();
            if (hasOrder)
                part.Skip(OrderBytes);
            if (bytes > part.Remaining - SumBytes)
                throw file.Error(
                    part.At,
                    $"a message of {bytes} bytes",
                    $"one within its chunk, {part.Remaining - SumBytes} bytes"
                );
            Add(type, bytes, flags, part);
        }
        part.Skip(Math.Max(0, part.Remaining - SumBytes)); // a gap too small for a message
        part.RequireChecksum(start);
    }

    private void Add(int number, int bytes, byte bits, Hdf5Cursor part)
    {
        var (type, flags, at) = ((Hdf5MessageType)number, (Hdf5MessageFlags)bits, part.At);
        part.Skip(bytes);
        if (++count > MaxMessages)
            throw file.Error(
                at,
                $"an object header of more than {MaxMessages} messages",
                "no more",
                Hdf5Bytes.SaveAgain
            );
        if (type == Hdf5MessageType.Nothing)
            return;
        if (type == Hdf5MessageType.Continuation)
            Continue(at, bytes);
        else if (Enum.IsDefined(type))
            messages.Add(new(type, flags, at, bytes));
        else if (flags.HasFlag(Hdf5MessageFlags.MustBeKnown))
            throw file.Error(
                at,
                $"a message of type 0x{number:X2} that must be known",
                "those of groups and arrays",
                Hdf5Bytes.SaveAgain
            );
    }

    private void Continue(long at, int bytes)
    {
        var link = new Hdf5Cursor(file, at, at + bytes, "a continuation");
        Continue(at, link.Address(), link.Length());
    }

    /// <param name="from">The byte that says so.</param>
    private void Continue(long from, long at, long bytes)
    {
        if (!chunksSeen.Add(at))
            throw file.Error(from, "an object header that continues into itself", "one with an end");
        chunks.Enqueue((at, bytes));
    }
}
