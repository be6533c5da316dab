using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Groups, names and headers of the old style.</summary>
public sealed class HostileHdf5OldStyleTests
{
    private const long Huge = long.MaxValue;

    private const int OldGroupBytes = 920; // before the header of such an old-style group: node, tree, names, heap

    public static TheoryData<string, byte[], string> Files => HostileHdf5.ToData(Groups());

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Files))]
    public void A_malicious_old_style_file_is_rejected_with_the_reason(string name, byte[] image, string message)
    {
        Assert.NotEmpty(name);
        Assert.Contains(message, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, byte[] Image, string Message)> Groups()
    {
        const int HeaderBytes = 40; // an old-style group: prefix and symbol table message
        yield return HostileHdf5.CreateOld(
            "to itself",
            builder => builder.OldGroup([("x", builder.Next + OldGroupBytes)]),
            "'x', a second link to an object (a cycle"
        );
        yield return HostileHdf5.CreateOld("soft", builder => CreateCached(builder, 2), "'x', a soft link");
        yield return HostileHdf5.CreateOld(
            "a tree that contains itself",
            builder => builder.OldGroup(builder.Tree(1, 8, builder.Next), builder.OldHeap(new byte[8])),
            "a cycle in a group's tree"
        );
        yield return HostileHdf5.CreateOld(
            "a tree whose levels do not fall",
            builder => builder.OldGroup(builder.Tree(1, 8, builder.Tree(1, 8)), builder.OldHeap(new byte[8])),
            "a tree node of level 1, expected 0"
        );
        yield return HostileHdf5.CreateOld(
            "a tree of more children than bytes",
            builder =>
                builder.OldGroup(
                    builder.Add([.. "TREE"u8, 0, 0, 0xFF, 0xFF, .. new byte[16]]),
                    builder.OldHeap(new byte[8])
                ),
            "a group's tree of 1048568 bytes"
        );
        yield return HostileHdf5.CreateOld(
            "a node of more entries than bytes",
            builder =>
                builder.OldGroup(
                    builder.Tree(0, 8, builder.Add([.. "SNOD"u8, 1, 0, 0xFF, 0xFF])),
                    builder.OldHeap(new byte[8])
                ),
            "a symbol-table node of 2621400 bytes"
        );
        yield return HostileHdf5.CreateOld(
            "a tree of chunks",
            builder => builder.OldGroup(builder.Add([.. "TREE"u8, 1, .. new byte[32]]), builder.OldHeap(new byte[8])),
            "kind of tree 1"
        );
        yield return HostileHdf5.CreateOld(
            "no tree",
            builder => builder.OldGroup(Undefined, builder.OldHeap(new byte[8])),
            "a group's tree of 24 bytes"
        );
        yield return HostileHdf5.CreateOld(
            "no heap",
            builder => builder.OldGroup(builder.Tree(0, 8), Undefined),
            "a local heap of 32 bytes"
        );
        yield return HostileHdf5.CreateOld(
            "a heap of any size",
            builder =>
                builder.OldGroup(
                    builder.Tree(0, 8),
                    builder.Add([.. "HEAP"u8, 0, 0, 0, 0, .. Long(Huge), .. Long(1), .. Long(0)])
                ),
            "a local heap of 9223372036854775807 bytes"
        );
        yield return HostileHdf5.CreateOld(
            "a name outside its heap",
            builder => CreateNamed(builder, 64),
            "a name at byte 64 of its heap"
        );
        yield return HostileHdf5.CreateOld(
            "a name without an end",
            builder => CreateNamed(builder, 8),
            "an unterminated name"
        );
        yield return HostileHdf5.CreateOld(
            "one name for many",
            builder => CreateNamed(builder, 0),
            "an entry named ''"
        );
        yield return HostileHdf5.CreateOld(
            "continues into itself",
            builder => builder.OldHeader([.. Short(0x10), 16, 0, 0, 0, 0, 0, .. Long(builder.Next + 16), .. Long(24)]),
            "a cyclic continuation of an object header"
        );
        yield return HostileHdf5.CreateOld(
            "fewer messages than declared",
            builder =>
                builder.Add([
                    1,
                    0,
                    9,
                    0,
                    .. Int(1),
                    .. Int(HeaderBytes - 16),
                    0,
                    0,
                    0,
                    0,
                    .. new byte[HeaderBytes - 16],
                ]),
            "an object header of 3 messages, expected the declared 9"
        );
        yield return HostileHdf5.CreateOld(
            "a header of 4 GiB",
            builder => builder.Add([1, 0, 1, 0, .. Int(1), .. Int(-1), .. new byte[32]]),
            "an object header of 4294967295 bytes"
        );
        yield return HostileHdf5.CreateOld(
            "part of a message",
            builder => builder.Add([1, 0, 1, 0, .. Int(1), .. Int(12), 0, 0, 0, 0, .. new byte[16]]),
            "0 bytes left of an object header"
        );
        yield return HostileHdf5.CreateOld(
            "another header version",
            builder => builder.Add([7, .. new byte[31]]),
            "object header version 7"
        );

        static long CreateCached(Hdf5Builder builder, int kind) =>
            builder.OldGroup(
                builder.Tree(
                    0,
                    8,
                    builder.Add([
                        .. "SNOD"u8,
                        1,
                        0,
                        1,
                        0,
                        .. Long(8),
                        .. Long(Undefined),
                        .. Int(kind),
                        .. new byte[20],
                    ])
                ),
                builder.OldHeap([.. new byte[8], (byte)'x', 0])
            );

        static long CreateNamed(Hdf5Builder builder, int index) =>
            builder.OldGroup(
                builder.Tree(0, 8, builder.Add([.. "SNOD"u8, 1, 0, 1, 0, .. Long(index), .. Long(8), .. new byte[24]])),
                builder.OldHeap([.. new byte[8], .. "xxxxxxxx"u8])
            );
    }
}
