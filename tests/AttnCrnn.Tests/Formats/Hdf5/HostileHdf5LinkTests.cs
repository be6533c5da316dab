using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>Links to nothing, to themselves or outside the file, and invalid names.</summary>
public sealed class HostileHdf5LinkTests
{
    private const int GroupBytes = 56; // a group with one link with a name of one letter

    public static TheoryData<string, byte[], string> Files => HostileHdf5.ToData(Links());

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Files))]
    public void A_malicious_link_is_rejected_with_the_reason(string name, byte[] image, string message)
    {
        Assert.NotEmpty(name);
        Assert.Contains(message, HostileHdf5.AssertRejected(image).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, byte[] Image, string Message)> Links()
    {
        yield return HostileHdf5.Create(
            "soft",
            builder => builder.Group(Link("x", 1, "/x"u8.ToArray())),
            "'x', a soft link"
        );
        yield return HostileHdf5.Create(
            "external",
            builder => builder.Group(Link("x", 64, "\0/etc/passwd\0/\0"u8.ToArray())),
            "'x', an external link, into another file"
        );
        yield return HostileHdf5.Create(
            "user-defined",
            builder => builder.Group(Link("x", 65, [1])),
            "'x', a link of type 65"
        );
        yield return HostileHdf5.Create(
            "to itself",
            builder => builder.Group(Link("x", builder.Next)),
            "a second link to an object (a cycle"
        );
        yield return HostileHdf5.Create(
            "cycle of two",
            builder => builder.Group(Link("x", builder.Group(Link("y", builder.Next + GroupBytes)))),
            "'x/y', a second link to an object"
        );
        yield return HostileHdf5.Create(
            "nowhere",
            builder => builder.Group(Link("x", Undefined)),
            "'x', which has no address"
        );
        yield return HostileHdf5.Create(
            "beyond the file",
            builder => builder.Group(Link("x", 1 << 20)),
            "address 1048576, expected one within the file's"
        );
        yield return HostileHdf5.Create(
            "beyond any file",
            builder => builder.Group(Link("x", long.MinValue)),
            "address 9223372036854775808"
        );
        yield return HostileHdf5.Create(
            "at the last byte",
            builder => builder.Group(Link("x", builder.Next + GroupBytes - 1)),
            "an object header of 16 bytes"
        );
        yield return HostileHdf5.Create(
            "two of one name",
            builder => builder.Group(Link("x", builder.Group()), Link("x", builder.Group())),
            "two entries named 'x'"
        );
        yield return HostileHdf5.Create(
            "no name",
            builder => builder.Group(Link("", builder.Group())),
            "an entry named ''"
        );
        yield return HostileHdf5.Create(
            "a path for a name",
            builder => builder.Group(Link("a/../b", builder.Group())),
            "an entry named 'a/../b'"
        );
        yield return HostileHdf5.Create(
            "dots for a name",
            builder => builder.Group(Link("..", builder.Group())),
            "an entry named '..'"
        );
        yield return HostileHdf5.Create(
            "no UTF-8",
            builder => builder.Group(Link([0xC3, 0x28], builder.Group())),
            "a string that is not UTF-8"
        );
        yield return HostileHdf5.Create(
            "a name of 64 KiB",
            builder => builder.Group(Message(0x06, [1, 0x11, 1, 0xFF, 0xFF, (byte)'x'])),
            "65535 more"
        );
        yield return HostileHdf5.Create(
            "a name of any length",
            builder => builder.Group(Message(0x06, [1, 0x13, 1, .. Long(-1), (byte)'x'])),
            "a length of 18446744073709551615"
        );
        yield return HostileHdf5.Create(
            "another version",
            builder => builder.Group(Message(0x06, [2, 0, 1, (byte)'x', .. Long(0)])),
            "link version 2"
        );
    }
}
