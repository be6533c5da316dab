using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Arrays whose shapes, types, offsets or sizes contradict the file.</summary>
public sealed class HostileHdf5ArrayTests
{
    private const long Huge = long.MaxValue;

    private static readonly byte[] Value = BitConverter.GetBytes(1f);

    public static TheoryData<string, byte[], string> Files =>
        HostileHdf5.ToData(
            Arrays()
                .Select(array =>
                    HostileHdf5.Create(
                        array.Name,
                        builder => builder.Group(Link("x", array.Create(builder))),
                        array.Message
                    )
                )
        );

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Files))]
    public void A_malicious_array_is_rejected_with_the_reason(string name, byte[] image, string message)
    {
        Assert.NotEmpty(name);
        Assert.Contains(message, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, Func<Hdf5Builder, long> Create, string Message)> Arrays()
    {
        yield return (
            "chunks",
            builder => builder.ArrayOf([1], Float32Type, [3, 2, 2, .. Long(8), .. Int(1), .. Int(4)]),
            "'x', stored in chunks"
        );
        yield return (
            "virtual",
            builder => builder.ArrayOf([1], Float32Type, [4, 3, .. Long(8), .. Int(1)]),
            "(a virtual dataset)"
        );
        yield return (
            "another layout",
            builder => builder.ArrayOf([1], Float32Type, [3, 9]),
            "'x', stored in layout 9"
        );
        yield return (
            "an old layout",
            builder => builder.ArrayOf([1], Float32Type, [1, 1, 1, .. new byte[32]]),
            "layout version 1, expected 3 to 5"
        );
        yield return (
            "external",
            builder =>
                builder.ArrayOf([1], Float32Type, Layout(Undefined, 4), Message(0x07, [1, 0, 0, 0, .. new byte[40]])),
            "'x', whose values are in other files (external storage)"
        );
        yield return (
            "filtered",
            builder => builder.ArrayOf([1], Float32Type, Layout(builder.Next, 4), Message(0x0B, [2, 0])),
            "'x', compressed or otherwise filtered"
        );
        yield return (
            "never written",
            builder => builder.ArrayOf([1], Float32Type, Layout(Undefined, 4)),
            "'x', whose values were never written"
        );
        yield return (
            "983 MiB",
            builder => builder.ArrayOf([257_687_552], Float32Type, Layout(8, 257_687_552 * 4L)),
            "'x' of [257687552], expected no more elements than the file's"
        );
        yield return (
            "more than 2³¹",
            builder => builder.ArrayOf([1L << 31], Float32Type, Layout(8, 1L << 33)),
            "'x' of [2147483648]"
        );
        yield return (
            "a product past any number",
            builder => builder.ArrayOf([Huge, Huge, Huge], Float32Type, Layout(8, 4)),
            "expected no more elements than the file's"
        );
        yield return (
            "a product that comes round to nothing",
            builder => builder.ArrayOf([1L << 32, 1L << 32, 1L << 62, 2], Float32Type, Layout(8, 4)),
            "expected no more elements than the file's"
        );
        yield return (
            "a negative size",
            builder => builder.ArrayOf([-1], Float32Type, Layout(8, 4)),
            "a length of 18446744073709551615"
        );
        yield return (
            "other bytes than it needs",
            builder => builder.ArrayOf([2], Float32Type, Layout(8, 4)),
            "'x' of 4 bytes, expected the 8 of its shape and type"
        );
        yield return (
            "beyond the end",
            builder => builder.ArrayOf([50], Float32Type, Layout(100, 200)),
            "'x' of 200 bytes, expected all of it within the file's"
        );
        yield return (
            "compact beyond its header",
            builder => builder.ArrayOf([4], Float32Type, [3, 0, 16, 0, 1, 2, 3]),
            "3 bytes left of a layout, expected 16 more"
        );
        yield return (
            "over and over",
            builder =>
                builder.Group([
                    .. Enumerable
                        .Range(0, 3)
                        .Select(i => Link($"{i}", builder.ArrayOf([60], Float32Type, Layout(8, 240)))),
                ]),
            "that overlaps others: more bytes in total than the file has"
        );
        yield return (
            "many dimensions",
            builder => builder.ArrayOf(new long[33], Float32Type, Layout(8, 0)),
            "'x' of 33 dimensions"
        );
        yield return (
            "big-endian",
            builder => builder.Array([1], [0x11, 0x21, .. Float32Type[2..]], Value),
            "'x' of big-endian numbers"
        );
        yield return (
            "VAX order",
            builder => builder.Array([1], [0x11, 0x60, .. Float32Type[2..]], Value),
            "'x' of big-endian numbers"
        );
        yield return (
            "float32 of another bias",
            builder => builder.Array([1], Float(4, 31, 23, 8, 23, 128), Value),
            "'x' of floating-point numbers, 4 bytes each"
        );
        yield return (
            "float32 in eight bytes",
            builder => builder.Array([1], [.. Float32Type[..4], 8, .. Float32Type[5..]], Value, Value),
            "'x' of floating-point numbers, 8 bytes each"
        );
        yield return (
            "int32 of 31 bits",
            builder => builder.Array([1], [.. Integer(4, signed: true)[..10], 31, 0], Value),
            "'x' of integers, 4 bytes each"
        );
        yield return (
            "uint64",
            builder => builder.Array([1], Integer(8, signed: false), Value, Value),
            "'x' of integers, 8 bytes each"
        );
        yield return ("texts", builder => builder.Array([1], FixedText(4), Value), "'x' of strings, 4 bytes each");
        yield return (
            "an unknown class",
            builder => builder.Array([1], [0x1F, 0, 0, 0, .. Int(4)], Value),
            "'x' of class 15, 4 bytes each"
        );
        yield return ("a type of no bytes", builder => builder.Array([1], [0x10], Value), "0 bytes left of a datatype");
    }
}
