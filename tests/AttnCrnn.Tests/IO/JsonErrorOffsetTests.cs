using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

/// <summary>The offset in a message is the byte of the error, on whatever line.</summary>
public sealed class JsonErrorOffsetTests
{
    [Theory]
    [InlineData("{\"rate\": ", "NaN}")]
    [InlineData("{\n  \"é\": 1,\r\n  \"rate\": ", "NaN\n}")]
    [InlineData("{\n\n\n", "x}")]
    public void Offsets_count_from_the_beginning_of_the_file(string prefix, string suffix)
    {
        var bytes = Encoding.UTF8.GetBytes(prefix + suffix);
        var source = new JsonSource("a.keras:config.json", "a model", "fetch it again");
        var exception = Assert.Throws<InvalidFileException>(() => source.Parse(bytes));
        Assert.Equal(Encoding.UTF8.GetByteCount(prefix), exception.Offset);
        Assert.Contains("NaN", exception.Expected, StringComparison.Ordinal);

        using var folder = new TempFolder();
        File.WriteAllBytes(folder.PathOf("config.json"), bytes);
        var file = new JsonSource(folder.PathOf("config.json"), "a configuration", "fetch it again");
        Assert.Equal(exception.Offset, Assert.Throws<InvalidFileException>(() => file.Read(1000)).Offset);
    }

    [Theory]
    [InlineData("{\"sizes\": [1, ", "\"two\"]}", "sizes[1] \"two\"", "an integer from 1 to 9")]
    [InlineData(" \n{\"é\": 0, \"sizes\": ", "{\"a\": 1}}", "sizes {\"a\": 1}", "an array")]
    [InlineData("{\"sizes\": [3.0, 2e0, ", "2.5]}", "sizes[2] 2.5", "an integer from 1 to 9")]
    [InlineData("{\"sizes\": [", "10]}", "sizes[0] 10", "an integer from 1 to 9")]
    [InlineData("\n", "[]", "[]", "a model")]
    public void A_value_of_another_kind_is_named_with_its_offset(
        string prefix,
        string suffix,
        string found,
        string expected
    )
    {
        var bytes = Encoding.UTF8.GetBytes(prefix + suffix);
        var source = new JsonSource("x", "a model", "fetch it again") { Start = 8 };
        var exception = Assert.Throws<InvalidFileException>(() => source.Parse(bytes).GetInt32s("sizes", 1, 9));
        Assert.Equal(8 + Encoding.UTF8.GetByteCount(prefix), exception.Offset);
        Assert.Equal(
            ("x", found, expected, "fetch it again"),
            (exception.File, exception.Found, exception.Expected, exception.Remedy)
        );
    }

    [Fact]
    public void A_missing_field_is_named_with_its_path_and_the_offset_of_its_object()
    {
        var json = new JsonSource("x", "a model", "fetch it again").Parse("""{"a": [0, {"b": 1}]}"""u8);
        var exception = Assert.Throws<InvalidFileException>(() => json.GetArray("a")[1].GetString("name"));
        Assert.Equal(("no a[1].name", 10), (exception.Found, exception.Offset));
        Assert.Null(Assert.Throws<InvalidFileException>(() => json.GetString("name")).Offset);
    }

    [Fact]
    public void An_error_in_a_text_without_a_file_position_has_no_offset()
    {
        var source = new JsonSource("x", "a model", "fetch it again") { Start = null };
        Assert.Null(Assert.Throws<InvalidFileException>(() => source.Parse("{"u8)).Offset);
        Assert.Null(Assert.Throws<InvalidFileException>(() => source.Parse("[0]"u8)[0].GetString("name")).Offset);
    }

    [Theory]
    [InlineData("{\"a\": ", "\"\\ud800\"}")] // half of a surrogate pair
    [InlineData("{", "\"\\ud800\": 1}")]
    public void A_string_that_is_not_Unicode_is_rejected_at_its_offset(string prefix, string suffix)
    {
        var source = new JsonSource("x", "a model", "fetch it again");
        var exception = Assert.Throws<InvalidFileException>(() =>
            source.Parse(Encoding.UTF8.GetBytes(prefix + suffix))
        );
        Assert.Equal(("a string that is not valid Unicode", prefix.Length), (exception.Found, exception.Offset));
    }
}
