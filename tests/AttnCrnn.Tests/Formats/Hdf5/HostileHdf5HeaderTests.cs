using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Superblocks and object headers that contradict themselves or the file.</summary>
public sealed class HostileHdf5HeaderTests
{
    private const long Huge = long.MaxValue;

    private static readonly byte[] Value = BitConverter.GetBytes(1f);

    public static TheoryData<string, byte[], string> Files => HostileHdf5.ToData(Headers().Concat(Superblocks()));

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Files))]
    public void A_malicious_header_is_rejected_with_the_reason(string name, byte[] image, string message)
    {
        Assert.NotEmpty(name);
        Assert.Contains(message, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, byte[] Image, string Message)> Headers()
    {
        const string Itself = "a cyclic continuation of an object header";
        yield return HostileHdf5.Create(
            "continues into itself",
            builder => builder.Group(Continue(builder.Next, 68)),
            Itself
        );
        yield return HostileHdf5.Create(
            "a continuation that continues into itself",
            builder =>
                builder.Group(
                    builder.Continuation(Continue(builder.Next, 28)) is var (offset, bytes)
                        ? Continue(offset, bytes)
                        : []
                ),
            Itself
        );
        yield return HostileHdf5.Create(
            "two continuations of one place",
            builder =>
                builder.Group(
                    builder.Continuation() is var (offset, bytes)
                        ? [Continue(offset, bytes), Continue(offset, bytes)]
                        : []
                ),
            Itself
        );
        yield return HostileHdf5.Create(
            "continues into what is none",
            builder => builder.Group(Continue(0, 48)),
            "where an object header's continuation should be"
        );
        yield return HostileHdf5.Create(
            "continues beyond the end",
            builder => builder.Group(Continue(8, Huge)),
            "an object header's continuation of 9223372036854775807 bytes"
        );
        yield return HostileHdf5.Create(
            "continues into nothing",
            builder => builder.Group(Continue(Undefined, 8)),
            "an object header's continuation of 8 bytes"
        );
        yield return HostileHdf5.Create(
            "neither",
            builder => builder.Header(),
            "the root group, neither a group nor an array"
        );
        yield return HostileHdf5.Create(
            "both",
            builder => builder.Group(Message(0x08, Layout(Undefined, 0))),
            "the root group, a group and an array in one"
        );
        yield return HostileHdf5.Create(
            "an array at the root",
            builder => builder.Array([1], Float32Type, Value),
            "the root group, an array"
        );
        yield return HostileHdf5.Create(
            "what must be known",
            builder => builder.Group(Message(0x7F, [1], flags: 0x80)),
            "a message of type 0x7F that must be known"
        );
        yield return HostileHdf5.Create(
            "two layouts",
            builder =>
                builder.Group(
                    Link(
                        "x",
                        builder.ArrayOf([0], Float32Type, Layout(Undefined, 0), Message(0x08, Layout(Undefined, 0)))
                    )
                ),
            "a second layout in one object header"
        );
        yield return HostileHdf5.Create(
            "a shared type",
            builder =>
                builder.Group(
                    Link(
                        "x",
                        builder.Header(
                            Message(0x01, Space()),
                            Message(0x03, [3, 0, .. Long(0)], flags: 2),
                            Message(0x08, Layout(0, 4))
                        )
                    )
                ),
            "a shared datatype, stored elsewhere"
        );
        yield return HostileHdf5.Create(
            "no type",
            builder => builder.Group(Link("x", builder.Header(Message(0x01, Space()), Message(0x08, Layout(0, 4))))),
            "'x' without a datatype"
        );
        yield return HostileHdf5.Create(
            "no shape",
            builder =>
                builder.Group(Link("x", builder.Header(Message(0x03, Float32Type), Message(0x08, Layout(0, 4))))),
            "'x' without a dataspace"
        );
        yield return HostileHdf5.Create(
            "a message longer than its chunk",
            builder => builder.Header([0x0C, 0xFF, 0xFF, 0]),
            "a message of 65535 bytes"
        );
        yield return HostileHdf5.Create(
            "more messages than any header has",
            builder => builder.Header([.. Enumerable.Repeat(Message(0, []), 65_536)]),
            "more than 65535 messages"
        );
        var builder = new Hdf5Builder();
        var image = builder.File(builder.Group());
        image[130] ^= 1;
        yield return ("a wrong checksum", image, "checksum 0x");
        builder = new Hdf5Builder();
        yield return (
            "a chunk of 4 GiB",
            builder.File(builder.Add([.. "OHDR"u8, 2, 2, .. Int(-1), .. new byte[64]])),
            "an object header of 4294967295 bytes"
        );
        builder = new Hdf5Builder();
        yield return (
            "a chunk of any size",
            builder.File(builder.Add([.. "OHDR"u8, 2, 3, .. Long(Huge), .. new byte[64]])),
            "an object header of 9223372036854775807 bytes"
        );
        builder = new Hdf5Builder();
        yield return (
            "another header version",
            builder.File(builder.Add([.. "OHDR"u8, 3, 2, .. new byte[64]])),
            "object header version 3"
        );
    }

    private static IEnumerable<(string Name, byte[] Image, string Message)> Superblocks()
    {
        var builder = new Hdf5Builder();
        var root = builder.Group();
        yield return ("another version", builder.OldFile(root, version: 4), "superblock version 4");
        yield return ("a user block", builder.File(root, origin: 8), "addresses that count from byte 8 (a user block)");
        yield return ("an extension", builder.File(root, extension: 48), "a superblock extension");
        yield return ("several parts", builder.OldFile(root, driver: 48), "a file driver's block");
        yield return ("a longer file", builder.File(root, end: 1 << 20), "a file of 1048576 bytes");
        yield return ("no root", builder.File(Undefined), "the root group, which has no address");
        yield return ("a root outside", builder.OldFile(1 << 20), "address 1048576");
        var image = builder.File(root);
        image[9] = 4;
        yield return ("short addresses", image, "bytes per address: 4, expected 8");
        image = builder.File(root);
        image[11] = 1;
        yield return ("a wrong checksum", image, "of the superblock, expected 0x");
    }
}
