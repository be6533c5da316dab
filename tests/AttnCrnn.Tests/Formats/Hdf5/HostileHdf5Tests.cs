using AttnCrnn.Formats.Hdf5;
using static AttnCrnn.Tests.Builders.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Malicious, damaged or unsupported HDF5 files: rejected by name, in bounded time and memory.</summary>
public sealed class HostileHdf5Tests
{
    private const long Huge = long.MaxValue;
    private const int TextOf2GiB = int.MaxValue;

    private const int GroupBytes = 56; // a group with one link with a name of one letter
    private const int OldGroupBytes = 920; // before the header of such an old-style group: node, tree, names, heap

    private static readonly byte[] Value = BitConverter.GetBytes(1f);

    private static readonly (string Lines, string Fault)[] WrittenByH5py =
    [
        ("file['x'] = h5py.SoftLink('/x')", "'x', a soft link"),
        ("file['x'] = h5py.ExternalLink('/etc/passwd', '/')", "'x', an external link"),
        ("file['x'] = file", "'x', a link to an object that already has a name (a cycle"),
        (
            "file.create_group('a')['b'] = file.create_dataset('c', data=np.float32(1))",
            "a link to an object that already has a name"
        ),
        ("file.create_dataset('x', data=np.zeros(100, '<f4'), chunks=(10,))", "'x', stored in chunks"),
        ("file.create_dataset('x', data=np.zeros(100, '<f4'), compression='gzip')", "'x', stored in chunks"),
        (
            "file.create_dataset('x', (2,), '<f4', external=[('/etc/passwd', 0, 8)])",
            "'x', whose values are in other files (external storage)"
        ),
        (
            "layout = h5py.VirtualLayout((2,), '<f4')\nlayout[:] = h5py.VirtualSource('other.h5', 'y', (2,))\n"
                + "file.create_virtual_dataset('x', layout)",
            "'x', stored put together from other files (a virtual dataset)"
        ),
        ("file.create_dataset('x', (3,), '<f4')", "'x', whose values were never written"),
        ("file['x'] = np.zeros(2, '>f4')", "'x' of big-endian numbers"),
        ("file['x'] = np.zeros(2, '>i8')", "'x' of big-endian numbers"),
        ("file['x'] = np.zeros(2, 'u1')", "'x' of integers, 1 bytes each"),
        ("file['x'] = np.zeros(2, 'u8')", "'x' of integers, 8 bytes each"),
        ("file['x'] = np.zeros(2, 'u2')", "'x' of integers, 2 bytes each"),
        ("file['x'] = np.zeros(2, 'V2')", "'x' of opaque bytes, 2 bytes each"),
        ("file['x'] = np.zeros(2, bool)", "'x' of enumerated values"),
        ("file['x'] = np.zeros(2, '<c8')", "'x' of records"),
        ("file['x'] = np.zeros(2, np.longdouble)", "'x' of floating-point numbers, 16 bytes each"),
        ("file['x'] = 'text'", "'x' of sequences"),
        ("file['x'] = h5py.Empty('<f4')", "'x' of no shape (a null dataspace)"),
        ("file['t'] = np.dtype('<f4')", "'t', neither a group nor an array"),
    ];

    public static TheoryData<string, byte[], string> Files
    {
        get
        {
            var data = new TheoryData<string, byte[], string>();
            foreach (
                var (name, image, fault) in Links()
                    .Concat(Headers())
                    .Concat(Old())
                    .Concat(Superblocks())
                    .Concat(Attributes())
            )
                data.Add(name, image, fault);
            foreach (var (name, message, fault) in ArrayFaults())
            {
                var builder = new Hdf5Builder();
                data.Add(name, builder.File(builder.Group(Link("x", message(builder)))), fault);
            }
            return data;
        }
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Files))]
    public void A_malicious_file_is_rejected_with_the_reason(string name, byte[] image, string fault)
    {
        Assert.NotEmpty(name);
        Assert.Contains(fault, AssertRejected(image).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Requires("h5py")]
    public void HDF5_features_that_Keras_does_not_use_are_rejected_by_name()
    {
        foreach (var options in (string[])["libver='earliest'", "libver='latest'"])
        foreach (
            var ((_, fault), image) in WrittenByH5py.Zip(
                H5py.WriteUnlisted([.. WrittenByH5py.Select(one => one.Lines)], options)
            )
        )
            Assert.Contains(fault, AssertRejected(image).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Requires("h5py")]
    public void Dense_storage_is_rejected_by_name()
    {
        string[] lines =
        [
            "for i in range(9): file.create_group(f'{i}')",
            "for i in range(9): file.attrs[f'{i}'] = 'text'",
        ];
        var images = H5py.WriteUnlisted(lines, "libver='latest'");
        Assert.Contains(
            "a group of many entries in dense storage (a fractal heap)",
            AssertRejected(images[0]).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "many attributes in dense storage (a fractal heap)",
            AssertRejected(images[1]).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_file_truncated_anywhere_is_rejected()
    {
        foreach (var image in (byte[][])[Hdf5SweepTests.NewStyle, Hdf5SweepTests.OldStyle])
            for (var length = 0; length < image.Length; length++)
                AssertRejected(image[..length]);
    }

    [Fact]
    public void A_deep_file_is_rejected_for_its_paths_and_a_wide_one_for_its_objects()
    {
        var deep = new Hdf5Builder();
        var group = deep.Group();
        for (var i = 0; i < 20_000; i++)
            group = deep.Group(Link("a", group));
        Assert.Contains("a path of 513 characters", AssertRejected(deep.File(group)).Message, StringComparison.Ordinal);
        var wide = new Hdf5Builder();
        var links = Enumerable.Range(0, 30_000).Select(i => Link($"{i}", wide.Next + 1 + i)).ToArray();
        Assert.Contains(
            "more than 20000 groups and arrays",
            AssertRejected(wide.File(wide.Group(links))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "bytes ")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("<!DOCTYPE html><html>", "an HTML page")]
    [InlineData("PK\u0003\u0004 and more", "a zip archive")]
    [InlineData("anything else", "'anything'")]
    public void A_file_that_is_not_HDF5_is_reported_as_what_it_is(string content, string found) =>
        Assert.Contains(
            found == "bytes " ? "found '', expected an HDF5 file" : found,
            AssertRejected(System.Text.Encoding.ASCII.GetBytes(content)).Message,
            StringComparison.Ordinal
        );

    private static IEnumerable<(string Name, byte[] Image, string Fault)> Links()
    {
        yield return Case("soft", builder => builder.Group(Link("x", 1, "/x"u8.ToArray())), "'x', a soft link");
        yield return Case(
            "external",
            builder => builder.Group(Link("x", 64, "\0/etc/passwd\0/\0"u8.ToArray())),
            "'x', an external link, into another file"
        );
        yield return Case("user-defined", builder => builder.Group(Link("x", 65, [1])), "'x', a link of type 65");
        yield return Case(
            "to itself",
            builder => builder.Group(Link("x", builder.Next)),
            "a link to an object that already has a name (a cycle"
        );
        yield return Case(
            "cycle of two",
            builder => builder.Group(Link("x", builder.Group(Link("y", builder.Next + GroupBytes)))),
            "'x/y', a link to an object that already has a name"
        );
        yield return Case("nowhere", builder => builder.Group(Link("x", Undefined)), "'x', which has no address");
        yield return Case(
            "beyond the file",
            builder => builder.Group(Link("x", 1 << 20)),
            "address 1048576, expected one within the file's"
        );
        yield return Case(
            "beyond any file",
            builder => builder.Group(Link("x", long.MinValue)),
            "address 9223372036854775808"
        );
        yield return Case(
            "at the last byte",
            builder => builder.Group(Link("x", builder.Next + GroupBytes - 1)),
            "an object header of 16 bytes"
        );
        yield return Case(
            "two of one name",
            builder => builder.Group(Link("x", builder.Group()), Link("x", builder.Group())),
            "two entries named 'x'"
        );
        yield return Case("no name", builder => builder.Group(Link("", builder.Group())), "an entry named ''");
        yield return Case(
            "a path for a name",
            builder => builder.Group(Link("a/../b", builder.Group())),
            "an entry named 'a/../b'"
        );
        yield return Case(
            "dots for a name",
            builder => builder.Group(Link("..", builder.Group())),
            "an entry named '..'"
        );
        yield return Case(
            "no UTF-8",
            builder => builder.Group(Link([0xC3, 0x28], builder.Group())),
            "a string that is not UTF-8"
        );
        yield return Case(
            "a name of 64 KiB",
            builder => builder.Group(Message(0x06, [1, 0x11, 1, 0xFF, 0xFF, (byte)'x'])),
            "65535 more"
        );
        yield return Case(
            "a name of any length",
            builder => builder.Group(Message(0x06, [1, 0x13, 1, .. Long(-1), (byte)'x'])),
            "a length of 18446744073709551615"
        );
        yield return Case(
            "another version",
            builder => builder.Group(Message(0x06, [2, 0, 1, (byte)'x', .. Long(0)])),
            "link version 2"
        );
    }

    private static IEnumerable<(string Name, byte[] Image, string Fault)> Headers()
    {
        const string Itself = "an object header that continues into itself";
        yield return Case("continues into itself", builder => builder.Group(Continue(builder.Next, 68)), Itself);
        yield return Case(
            "a continuation that continues into itself",
            builder =>
                builder.Group(
                    builder.Continuation(Continue(builder.Next, 28)) is var (at, bytes) ? Continue(at, bytes) : []
                ),
            Itself
        );
        yield return Case(
            "two continuations of one place",
            builder =>
                builder.Group(
                    builder.Continuation() is var (at, bytes) ? [Continue(at, bytes), Continue(at, bytes)] : []
                ),
            Itself
        );
        yield return Case(
            "continues into what is none",
            builder => builder.Group(Continue(0, 48)),
            "where an object header's continuation should be"
        );
        yield return Case(
            "continues beyond the end",
            builder => builder.Group(Continue(8, Huge)),
            "an object header's continuation of 9223372036854775807 bytes"
        );
        yield return Case(
            "continues into nothing",
            builder => builder.Group(Continue(Undefined, 8)),
            "an object header's continuation of 8 bytes"
        );
        yield return Case("neither", builder => builder.Header(), "the root group, neither a group nor an array");
        yield return Case(
            "both",
            builder => builder.Group(Message(0x08, Layout(Undefined, 0))),
            "the root group, a group and an array in one"
        );
        yield return Case(
            "an array at the root",
            builder => builder.Array([1], Float32Type, Value),
            "the root group, an array"
        );
        yield return Case(
            "what must be known",
            builder => builder.Group(Message(0x7F, [1], flags: 0x80)),
            "a message of type 0x7F that must be known"
        );
        yield return Case(
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
        yield return Case(
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
        yield return Case(
            "no type",
            builder => builder.Group(Link("x", builder.Header(Message(0x01, Space()), Message(0x08, Layout(0, 4))))),
            "'x' without a datatype"
        );
        yield return Case(
            "no shape",
            builder =>
                builder.Group(Link("x", builder.Header(Message(0x03, Float32Type), Message(0x08, Layout(0, 4))))),
            "'x' without a dataspace"
        );
        yield return Case(
            "a message longer than its chunk",
            builder => builder.Header([0x0C, 0xFF, 0xFF, 0]),
            "a message of 65535 bytes"
        );
        yield return Case(
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

    private static IEnumerable<(string Name, byte[] Image, string Fault)> Old()
    {
        const int HeaderBytes = 40; // an old-style group: prefix and symbol table message
        yield return Old(
            "to itself",
            builder => builder.OldGroup([("x", builder.Next + OldGroupBytes)]),
            "'x', a link to an object that already has a name (a cycle"
        );
        yield return Old("soft", builder => Cached(builder, 2), "'x', a soft link");
        yield return Old(
            "a tree that contains itself",
            builder => builder.OldGroup(builder.Tree(1, 8, builder.Next), builder.OldHeap(new byte[8])),
            "a group whose tree contains itself"
        );
        yield return Old(
            "a tree whose levels do not fall",
            builder => builder.OldGroup(builder.Tree(1, 8, builder.Tree(1, 8)), builder.OldHeap(new byte[8])),
            "a tree node of level 1, expected 0"
        );
        yield return Old(
            "a tree of more children than bytes",
            builder =>
                builder.OldGroup(
                    builder.Add([.. "TREE"u8, 0, 0, 0xFF, 0xFF, .. new byte[16]]),
                    builder.OldHeap(new byte[8])
                ),
            "a group's tree of 1048568 bytes"
        );
        yield return Old(
            "a node of more entries than bytes",
            builder =>
                builder.OldGroup(
                    builder.Tree(0, 8, builder.Add([.. "SNOD"u8, 1, 0, 0xFF, 0xFF])),
                    builder.OldHeap(new byte[8])
                ),
            "a symbol-table node of 2621400 bytes"
        );
        yield return Old(
            "a tree of chunks",
            builder => builder.OldGroup(builder.Add([.. "TREE"u8, 1, .. new byte[32]]), builder.OldHeap(new byte[8])),
            "kind of tree 1"
        );
        yield return Old(
            "no tree",
            builder => builder.OldGroup(Undefined, builder.OldHeap(new byte[8])),
            "a group's tree of 24 bytes"
        );
        yield return Old(
            "no heap",
            builder => builder.OldGroup(builder.Tree(0, 8), Undefined),
            "a local heap of 32 bytes"
        );
        yield return Old(
            "a heap of any size",
            builder =>
                builder.OldGroup(
                    builder.Tree(0, 8),
                    builder.Add([.. "HEAP"u8, 0, 0, 0, 0, .. Long(Huge), .. Long(1), .. Long(0)])
                ),
            "a local heap of 9223372036854775807 bytes"
        );
        yield return Old("a name outside its heap", builder => Named(builder, 64), "a name at byte 64 of its heap");
        yield return Old("a name without an end", builder => Named(builder, 8), "an unterminated name");
        yield return Old("one name for many", builder => Named(builder, 0), "an entry named ''");
        yield return Old(
            "continues into itself",
            builder => builder.OldHeader([.. Short(0x10), 16, 0, 0, 0, 0, 0, .. Long(builder.Next + 16), .. Long(24)]),
            "an object header that continues into itself"
        );
        yield return Old(
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
            "an object header of 3 messages, expected the 9"
        );
        yield return Old(
            "a header of 4 GiB",
            builder => builder.Add([1, 0, 1, 0, .. Int(1), .. Int(-1), .. new byte[32]]),
            "an object header of 4294967295 bytes"
        );
        yield return Old(
            "part of a message",
            builder => builder.Add([1, 0, 1, 0, .. Int(1), .. Int(12), 0, 0, 0, 0, .. new byte[16]]),
            "0 bytes left of an object header"
        );
        yield return Old(
            "another header version",
            builder => builder.Add([7, .. new byte[31]]),
            "object header version 7"
        );

        static long Cached(Hdf5Builder builder, int kind) =>
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

        static long Named(Hdf5Builder builder, int at) =>
            builder.OldGroup(
                builder.Tree(0, 8, builder.Add([.. "SNOD"u8, 1, 0, 1, 0, .. Long(at), .. Long(8), .. new byte[24]])),
                builder.OldHeap([.. new byte[8], .. "xxxxxxxx"u8])
            );
    }

    private static IEnumerable<(string Name, byte[] Image, string Fault)> Superblocks()
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

    private static IEnumerable<(string Name, byte[] Image, string Fault)> Attributes()
    {
        yield return Case(
            "a text of 2 GiB",
            builder => builder.Group(Attribute("name", FixedText(TextOf2GiB), Scalar, "abc"u8.ToArray())),
            "2147483647 more"
        );
        yield return Case(
            "a text of 4 GiB",
            builder => builder.Group(Attribute("name", FixedText(-1), Scalar, "abc"u8.ToArray())),
            "4294967295 more"
        );
        yield return Case(
            "a text of 2 GiB in the heap",
            builder => builder.Group(Text(TextOf2GiB, builder.Heap((1, "abc"u8.ToArray())), 1)),
            "a string of 2147483647 bytes, object 1 of the heap"
        );
        yield return Case(
            "no such object",
            builder => builder.Group(Text(3, builder.Heap((1, "abc"u8.ToArray())), 2)),
            "a string of 3 bytes, object 2 of the heap"
        );
        yield return Case(
            "the heap's free space",
            builder => builder.Group(Text(3, builder.Heap((1, "abc"u8.ToArray())), 0)),
            "a string of 3 bytes, object 0 of the heap"
        );
        yield return Case("no heap", builder => builder.Group(Text(3, 0, 1)), "where a global heap should be");
        yield return Case(
            "a heap nowhere",
            builder => builder.Group(Text(3, Undefined, 1)),
            "a global heap of 16 bytes"
        );
        yield return Case(
            "a heap of any size",
            builder => builder.Group(Text(3, builder.Add([.. "GCOL"u8, 1, 0, 0, 0, .. Long(Huge)]), 1)),
            "a global heap of 9223372036854775807 bytes"
        );
        yield return Case(
            "a heap without room for itself",
            builder => builder.Group(Text(3, builder.Add([.. "GCOL"u8, 1, 0, 0, 0, .. Long(0)]), 1)),
            "a global heap of 0 bytes"
        );
        yield return Case(
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
        yield return Case(
            "two objects of a number",
            builder => builder.Group(Text(1, builder.Heap((1, [1]), (1, [2])), 1)),
            "a second heap object with index 1"
        );
        yield return Case(
            "one text many times",
            builder => Repeated(builder, builder.Heap((1, new byte[1 << 16]))),
            "a string that overlaps others: more bytes in total than the file has"
        );
        yield return Case(
            "two of one name",
            builder =>
                builder.Group(Attribute("a", FixedText(1), Scalar, [1]), Attribute("a", FixedText(1), Scalar, [1])),
            "two attributes named 'a'"
        );
        yield return Case(
            "no UTF-8",
            builder => builder.Group(Attribute("a", FixedText(2), Scalar, [0xC3, 0x28])),
            "a string that is not UTF-8"
        );
        yield return Case(
            "shared",
            builder => builder.Group(Attribute("a", FixedText(1), Scalar, [1], flags: 1)),
            "a shared attribute, stored elsewhere"
        );
        yield return Case(
            "sizes beyond it",
            builder => builder.Group(Message(0x0C, [3, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0])),
            "65535 more"
        );

        static byte[] Text(long length, long heap, int number) =>
            Attribute("name", AnyText, Scalar, InHeap(length, heap, number));
        static long Repeated(Hdf5Builder builder, long heap) =>
            builder.Group([
                .. Enumerable.Range(0, 500).Select(i => Attribute($"{i}", AnyText, Scalar, InHeap(1 << 16, heap, 1))),
            ]);
    }

    private static IEnumerable<(string Name, Func<Hdf5Builder, long> Array, string Fault)> ArrayFaults()
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

    private static (string Name, byte[] Image, string Fault) Case(
        string name,
        Func<Hdf5Builder, long> root,
        string fault
    )
    {
        var builder = new Hdf5Builder();
        return (name, builder.File(root(builder)), fault);
    }

    private static (string Name, byte[] Image, string Fault) Old(
        string name,
        Func<Hdf5Builder, long> root,
        string fault
    )
    {
        var builder = new Hdf5Builder();
        return ($"old: {name}", builder.OldFile(root(builder)), fault);
    }

    private static InvalidFileException AssertRejected(byte[] image)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<InvalidFileException>(() =>
            Hdf5Reader.Read("hostile.keras: model.weights.h5", image)
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.StartsWith("hostile.keras: model.weights.h5", fault.Message, StringComparison.Ordinal);
        Assert.All([fault.Found, fault.Expected, fault.Remedy], Assert.NotEmpty);
        return fault;
    }
}
