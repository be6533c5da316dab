using System.Text;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.IO;

/// <summary>Conversions of JSON values.</summary>
public sealed class JsonCursorTests
{
    [Theory]
    [InlineData("30", 30L)]
    [InlineData("30.0", 30L)]
    [InlineData("3e1", 30L)]
    [InlineData("-0.0", 0L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9007199254740992.0", 9007199254740992L)]
    [InlineData("30.5", null)]
    [InlineData("1e16", null)] // not exact
    [InlineData("1e400", null)]
    [InlineData("9223372036854775808", null)]
    [InlineData("\"30\"", null)]
    [InlineData("true", null)]
    [InlineData("[30]", null)]
    public void A_whole_number_may_have_a_fraction_of_0(string json, long? expected) =>
        Assert.Equal(expected, Parse(json).AsInt64());

    [Theory]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("1.50")]
    [InlineData("\"a\"")]
    [InlineData("[1]")]
    [InlineData("{\"a\": 1}")]
    public void A_value_converts_only_to_its_own_kind(string json)
    {
        var value = Parse(json);
        Assert.Equal(json == "null", value.IsNull);
        Assert.Equal(json == "true" ? true : null, value.AsBoolean());
        Assert.Equal(json == "1.50" ? 1.5 : null, value.AsDouble());
        Assert.Equal(json == "\"a\"" ? "a" : null, value.AsString());
        Assert.Equal(json is "null" or "[1]" or "{\"a\": 1}" ? null : json.Trim('"'), value.AsText());
        Assert.Equal(json == "[1]", value.IsArray);
        Assert.Equal(json == "{\"a\": 1}", value.IsObject);
        Assert.Equal(json == "{\"a\": 1}", value.Find("a") is not null);
    }

    [Fact]
    public void A_default_replaces_only_a_missing_or_null_field()
    {
        var json = Parse("""{"null": null, "text": "a", "number": 2}""");
        Assert.Equal(
            (7, 7, 2),
            (json.GetInt32("none", 0, 9, 7), json.GetInt32("null", 0, 9, 7), json.GetInt32("number"))
        );
        Assert.Throws<InvalidFileException>(() => json.GetInt32("text", 0, 9, 7));
        Assert.Throws<InvalidFileException>(() => json.GetInt32("null"));
        Assert.Throws<InvalidFileException>(() => Parse("[]").GetInt32("none", 0, 9, 7));
    }

    [Fact]
    public void The_last_of_duplicate_fields_is_used()
    {
        var json = Parse("""{"a": 1, "a": 2}""");
        Assert.Equal(2, json.GetInt32("a"));
        Assert.Equal(2, json.Fields.Count());
    }

    private static JsonCursor Parse(string json) =>
        new JsonSource("x", "a document", "fetch it again").Parse(Encoding.UTF8.GetBytes(json));
}
