using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Attributes and the heap of their texts.</summary>
public sealed class HostileHdf5AttributeTests
{
    private const long Huge = long.MaxValue;

    private const int TextOf2GiB = int.MaxValue;

    public static TheoryData<string, byte[], string> Files => HostileHdf5.ToData(Attributes());

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Files))]
    public void A_malicious_attribute_is_rejected_with_the_reason(string name, byte[] image, string message)
    {
        Assert.NotEmpty(name);
        Assert.Contains(message, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, byte[] Image, string Message)> Attributes()
    {
        yield return HostileHdf5.Create(
            "a text of 2 GiB",
            builder => builder.Group(Attribute("name", FixedText(TextOf2GiB), Scalar, "abc"u8.ToArray())),
            "2147483647 more"
        );
        yield return HostileHdf5.Create(
            "a text of 4 GiB",
            builder => builder.Group(Attribute("name", FixedText(-1), Scalar, "abc"u8.ToArray())),
            "4294967295 more"
        );
        yield return HostileHdf5.Create(
            "a text of 2 GiB in the heap",
            builder => builder.Group(Text(TextOf2GiB, builder.Heap((1, "abc"u8.ToArray())), 1)),
            "a string of 2147483647 bytes, object 1 of the heap"
        );
        yield return HostileHdf5.Create(
            "no such object",
            builder => builder.Group(Text(3, builder.Heap((1, "abc"u8.ToArray())), 2)),
            "a string of 3 bytes, object 2 of the heap"
        );
        yield return HostileHdf5.Create(
            "the heap's free space",
            builder => builder.Group(Text(3, builder.Heap((1, "abc"u8.ToArray())), 0)),
            "a string of 3 bytes, object 0 of the heap"
        );
        yield return HostileHdf5.Create(
            "no heap",
            builder => builder.Group(Text(3, 0, 1)),
            "where a global heap should be"
        );
        yield return HostileHdf5.Create(
            "a heap nowhere",
            builder => builder.Group(Text(3, Undefined, 1)),
            "a global heap of 16 bytes"
        );
        yield return HostileHdf5.Create(
            "a heap of any size",
            builder => builder.Group(Text(3, builder.Add([.. "GCOL"u8, 1, 0, 0, 0, .. Long(Huge)]), 1)),
            "a global heap of 9223372036854775807 bytes"
        );
        yield return HostileHdf5.Create(
            "a heap without room for itself",
            builder => builder.Group(Text(3, builder.Add([.. "GCOL"u8, 1, 0, 0, 0, .. Long(0)]), 1)),
            "a global heap of 0 bytes"
        );
        yield return HostileHdf5.Create(
            "an object of any size",
            builder =>
                builder.Group(
                    Text(
                        3,
                        builder.Add([
                            .. "GCOL"u8,
                            1,
                            0,
                            0,
                            0,
                            .. Long(40),
                            1,
                            0,
                            1,
                            0,
                            0,
                            0,
                            0,
                            0,
                            .. Long(Huge),
                            .. Long(0),
                        ]),
                        1
                    )
                ),
            "a heap object of 9223372036854775807 bytes"
        );
        yield return HostileHdf5.Create(
            "two objects of a number",
            builder => builder.Group(Text(1, builder.Heap((1, [1]), (1, [2])), 1)),
            "a second heap object with index 1"
        );
        yield return HostileHdf5.Create(
            "one text many times",
            builder => CreateRepeated(builder, builder.Heap((1, new byte[1 << 16]))),
            "a string that overlaps others: more bytes in total than the file has"
        );
        yield return HostileHdf5.Create(
            "two of one name",
            builder =>
                builder.Group(Attribute("a", FixedText(1), Scalar, [1]), Attribute("a", FixedText(1), Scalar, [1])),
            "two attributes named 'a'"
        );
        yield return HostileHdf5.Create(
            "a list of any length",
            builder => builder.Group(Attribute("a", FixedText(1), Space(Huge), [1])),
            "an attribute of 9223372036854775807 strings of 1 bytes"
        );
        yield return HostileHdf5.Create(
            "a list beyond its attribute",
            builder => builder.Group(Attribute("a", FixedText(2), Space(3), [1, 2, 3, 4, 5])),
            "at most 10000, within the attribute's 5 bytes"
        );
        yield return HostileHdf5.Create(
            "a list of references beyond its attribute",
            builder => builder.Group(Attribute("a", AnyText, Space(2), InHeap(1, builder.Heap((1, [(byte)'x'])), 1))),
            "an attribute of 2 strings of 16 bytes"
        );
        yield return HostileHdf5.Create(
            "a list of strings of no bytes",
            builder => builder.Group(Attribute("a", FixedText(0), Space(10_000), [])),
            "an attribute of 10000 strings of 0 bytes"
        );
        yield return HostileHdf5.Create(
            "no UTF-8",
            builder => builder.Group(Attribute("a", FixedText(2), Scalar, [0xC3, 0x28])),
            "a string that is not UTF-8"
        );
        yield return HostileHdf5.Create(
            "shared",
            builder => builder.Group(Attribute("a", FixedText(1), Scalar, [1], flags: 1)),
            "a shared attribute, stored elsewhere"
        );
        yield return HostileHdf5.Create(
            "sizes beyond it",
            builder => builder.Group(Message(0x0C, [3, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0])),
            "65535 more"
        );

        static byte[] Text(long length, long heap, int number) =>
            Attribute("name", AnyText, Scalar, InHeap(length, heap, number));
        static long CreateRepeated(Hdf5Builder builder, long heap) =>
            builder.Group([
                .. Enumerable.Range(0, 500).Select(i => Attribute($"{i}", AnyText, Scalar, InHeap(1 << 16, heap, 1))),
            ]);
    }
}
