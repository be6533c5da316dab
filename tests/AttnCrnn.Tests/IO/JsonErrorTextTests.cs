using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

public sealed class JsonErrorTextTests
{
    [Theory]
    [InlineData("{\n  \"a\": x}", "invalid JSON at byte 8 of line 2")]
    [InlineData("[]", "the description is an array")]
    [InlineData("{}", "no a in the description")]
    [InlineData("{\"a\": 0.5}", "a is a number that does not fit")]
    public void An_error_is_described_in_words_of_this_program(string text, string expected)
    {
        var fault = Assert.ThrowsAny<JsonException>(() =>
        {
            using var json = JsonDocument.Parse(text);
            _ = new JsonFields(json.RootElement, "the description").GetInt32("a");
        });
        Assert.Equal(expected, JsonErrorText.Describe(fault));
    }

    [Fact]
    public void A_field_that_is_missing_or_of_another_type_is_described()
    {
        using var json = JsonDocument.Parse("{\"a\": \"b\", \"c\": 1e400}");
        var root = json.RootElement;
        Assert.Equal(
            "a field is missing",
            JsonErrorText.Describe(Assert.Throws<KeyNotFoundException>(() => root.GetProperty("x")))
        );
        Assert.Equal(
            "a field has the wrong type",
            JsonErrorText.Describe(Assert.Throws<InvalidOperationException>(() => root.GetProperty("a").GetInt64()))
        );
        Assert.Equal(
            "a number is out of range",
            JsonErrorText.Describe(Assert.Throws<FormatException>(() => root.GetProperty("c").GetInt64()))
        );
    }
}
