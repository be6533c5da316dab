using AttnCrnn.IO;
using AttnCrnn.Models.Keras;

namespace AttnCrnn.Tests.IO;

/// <summary>The offset in a message is the byte of the error, on whatever line.</summary>
public sealed class JsonErrorOffsetTests
{
    [Theory]
    [InlineData("{\"rate\": ", "NaN}")]
    [InlineData("{\n  \"é\": 1,\r\n  \"rate\": ", "NaN\n}")]
    [InlineData("{\n\n\n", "x}")]
    public void The_offset_is_counted_from_the_files_beginning(string before, string after)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(before + after);
        var fault = Assert.Throws<InvalidFileException>(() => KerasJson.Parse("a.keras:config.json", bytes));
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(before), fault.Offset);
        Assert.Contains("NaN", fault.Expected, StringComparison.Ordinal);

        var path = Path.GetTempFileName();
        File.WriteAllBytes(path, bytes);
        Assert.Equal(
            fault.Offset,
            Assert.Throws<InvalidFileException>(() => JsonFileReader.Open(path, "a configuration", 1000)).Offset
        );
        File.Delete(path);
    }
}
