using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

/// <summary>Against <see cref="ProtobufWriter"/>, and on damaged messages.</summary>
public sealed class ProtobufReaderTests
{
    [Fact]
    public void Every_kind_of_field_is_read_as_it_was_written()
    {
        var writer = new ProtobufWriter();
        writer.WriteInt(1, 300);
        writer.WriteInt(2, -1);
        writer.WriteFloat(3, 1.5f);
        writer.WriteDouble(4, 2.5);
        writer.WriteText(5, "name");
        writer.WriteMessage(100, nested => nested.WriteInt(7, 8));
        Assert.Equal(
            [
                (1, 300, ""),
                (2, -1, ""),
                (3, 0, Convert.ToHexString(BitConverter.GetBytes(1.5f))),
                (4, 0, Convert.ToHexString(BitConverter.GetBytes(2.5))),
                (5, 0, Convert.ToHexString(Encoding.UTF8.GetBytes("name"))),
                (100, 0, "3808"),
            ],
            ReadAll(writer.ToArray())
        );
    }

    [Theory]
    [InlineData("0A05616263")] // 5 bytes announced, 3 left
    [InlineData("0AFFFFFFFFFFFFFFFFFF01")] // 2⁶⁴ - 1 bytes
    [InlineData("08")] // no value
    [InlineData("08FFFFFFFFFFFFFFFFFFFF01")] // a varint of 11 bytes
    [InlineData("0D0000")] // 4 bytes, 2 left
    [InlineData("0B")] // a group
    public void Damaged_messages_are_refused(string message) =>
        Assert.Throws<InvalidDataException>(() => ReadAll(Convert.FromHexString(message)));

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var message = new byte[random.Next(20)];
            random.NextBytes(message);
            var exception = Record.Exception(() => ReadAll(message));
            Assert.True(exception is null or InvalidDataException, Convert.ToHexString(message));
        }
    }

    private static List<(int Field, long Integer, string Bytes)> ReadAll(byte[] message)
    {
        List<(int Field, long Integer, string Bytes)> fields = [];
        var reader = new ProtobufReader(message);
        while (reader.Read())
            fields.Add((reader.Field, reader.Integer, Convert.ToHexString(reader.Bytes)));
        return fields;
    }
}
