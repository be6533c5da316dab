using System.Text;
using AttnCrnn.Formats.Yaml;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.Formats.Yaml;

/// <summary>The subset of YAML 1.2 that configurations use, and what is refused.</summary>
public sealed class YamlFileTests
{
    public static TheoryData<string, string> Documents { get; } =
        new()
        {
            { "a: 1\nb: two words\n", """{"a":1,"b":"two words"}""" },
            { "a: 1e-05", """{"a":1E-05}""" },
            { "a: 1.0\nb: -.5\nc: +3\nd: 1.\ne: 007", """{"a":1,"b":-0.5,"c":3,"d":1,"e":7}""" },
            {
                "a: 1e\nb: e5\nc: 1-2\nd: 1.2.3\ne: .inf\nf: -",
                """{"a":"1e","b":"e5","c":"1-2","d":"1.2.3","e":".inf","f":"-"}"""
            },
            { "a: null\nb: ~\nc:\nd: NULL", """{"a":null,"b":null,"c":null,"d":null}""" },
            { "a: true\nb: FALSE\nc: yes\nd: tRue", """{"a":true,"b":false,"c":"yes","d":"tRue"}""" },
            { "a:\n  b:\n    c: 1\n  d: 2\ne: 3", """{"a":{"b":{"c":1},"d":2},"e":3}""" },
            { "a:\n- x\n- none\nb: 1", """{"a":["x","none"],"b":1}""" },
            { "a:\n  - 1\n  -\n    - 2\n  - b: 3\n    c: 4\n", """{"a":[1,[2],{"b":3,"c":4}]}""" },
            { "- - 1\n  - 2\n- 3", """[[1,2],3]""" },
            {
                "a: [1, [2, x], {b: 3, c}]\n".Replace(", c}", "}", StringComparison.Ordinal),
                """{"a":[1,[2,"x"],{"b":3}]}"""
            },
            { "a: []\nb: {}\nc: [1, ]", """{"a":[],"b":{},"c":[1]}""" },
            { "a: '[(512, 10, 5)] + [(2, 3, 2)] * 4'", """{"a":"[(512, 10, 5)] \u002B [(2, 3, 2)] * 4"}""" },
            { "a: 'it''s'\nb: \"tab\\t\\\"\\u0041\"\n'c': \"1\"", """{"a":"it\u0027s","b":"tab\t\u0022A","c":"1"}""" },
            { "# head\n\na: 1 # one\nb: x#y\nc: '# no'\n", """{"a":1,"b":"x#y","c":"# no"}""" },
            { "---\na: 1\r\nb: 2\r\n", """{"a":1,"b":2}""" },
            { "\uFEFFa: 1", """{"a":1}""" },
            { "a: http://x/y:z", """{"a":"http://x/y:z"}""" },
            { "unk: <unk>\nlabel: 生气/angry", """{"unk":"\u003Cunk\u003E","label":"\u751F\u6C14/angry"}""" },
            { "text", "\"text\"" },
        };

    [Theory, MemberData(nameof(Documents))]
    public void A_document_is_what_the_same_JSON_is(string yaml, string json) => Assert.Equal(json, Json(Parse(yaml)));

    [Theory]
    [InlineData("a: one\n  two\n   three\nb: 1", """{"a":"one two three","b":1}""")]
    [InlineData("a: [1,\n  2, 'x\n  y']\nb: {c: 1,\n    d: 2}", """{"a":[1,2,"x y"],"b":{"c":1,"d":2}}""")]
    [InlineData("a: \"x\\\n  \\ y\\\n  z\"\nb: 'p\n\n  q'", """{"a":"x yz","b":"p q"}""")]
    [InlineData(
        "a: |-\n  it's\n  text\nb: >\n  more\nc: |\nd: 1",
        """{"a":"it\u0027s text","b":"more","c":"","d":1}"""
    )]
    [InlineData("- one\n  two\n- k: v\n    w\n  l: 1\n-\n- - 1", """["one two",{"k":"v w","l":1},null,[1]]""")]
    [InlineData("a:\n  b: 1\n  c:\n  - x\n    y\n", """{"a":{"b":1,"c":["x y"]}}""")]
    public void Values_over_several_lines_are_joined_where_that_is_asked_for(string yaml, string json) =>
        Assert.Equal(
            json,
            Json(YamlFile.ParseWrapped("c.yaml", Encoding.UTF8.GetBytes(yaml), "a configuration", "download it again"))
        );

    [Theory]
    [InlineData("a: !!python/object/apply:os.system [ls,\n  x]")]
    [InlineData("a: [1,\n  2")]
    [InlineData("a: 'x\n  y")]
    [InlineData("a: 1\n  b: 2")]
    public void Other_values_over_several_lines_are_refused(string yaml) =>
        Assert.Throws<InvalidFileException>(() =>
            YamlFile.ParseWrapped("c.yaml", Encoding.UTF8.GetBytes(yaml), "a configuration", "download it again")
        );

    [Theory]
    [InlineData("a: !!python/object/apply:os.system [ls]", 3, "!!python")]
    [InlineData("a: !tag 1", 3, "!tag")]
    [InlineData("a: &x 1", 3, "&x")]
    [InlineData("a: 1\nb: *x", 8, "*x")]
    [InlineData("a: [*x]", 4, "*x")]
    [InlineData("<<: 1", 0, "<<")]
    [InlineData("? a", 0, "? a")]
    [InlineData("a: |\n  text", 3, "'|'")]
    [InlineData("a: >-\n  text", 3, "'>-'")]
    [InlineData("a: 1\n---\nb: 2", 5, "a second document")]
    [InlineData("%YAML 1.2", 0, "a directive")]
    [InlineData("a:\n\tb: 1", 3, "a tab")]
    [InlineData("a: 1\na: 2", 5, "'a' a second time")]
    [InlineData("a: {b: 1, b: 2}", 10, "'b' a second time")]
    [InlineData("a: 1\n  b: 2", 7, "2 spaces")]
    [InlineData("a:\n    b: 1\n  c: 2", 14, "2 spaces")]
    [InlineData("a: [1", 5, "an entry that does not end")]
    [InlineData("a: [1] 2", 7, "'2' after a value")]
    [InlineData("a: 'x", 3, "a quote without its end")]
    [InlineData("a: \"\\x\"", 3, "the escape \\x")]
    [InlineData("a: \"\\ud800\"", 3, "a surrogate")]
    [InlineData("a: 1\nplain", 5, "'plain'")]
    [InlineData("# only a comment", 0, "no content")]
    public void Anything_else_is_refused_with_its_offset(string yaml, int offset, string found)
    {
        var error = Assert.Throws<InvalidFileException>(() => Parse(yaml));
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains($"byte {offset}", error.Message, StringComparison.Ordinal);
        Assert.Contains("download it again", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Aliases make the billion laughs; without them, only depth can grow faster than the file.</summary>
    [Fact]
    public void Deep_documents_are_refused()
    {
        Assert.Throws<InvalidFileException>(() => Parse("a: " + new string('[', 10_000)));
        Assert.Throws<InvalidFileException>(() => Parse(string.Concat(Enumerable.Repeat("- ", 10_000)) + "1"));
        var nested = string.Concat(Enumerable.Range(0, 500).Select(i => $"{new string(' ', i)}a:\n"));
        Assert.Throws<InvalidFileException>(() => Parse(nested));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused() =>
        Assert.Contains(
            "not UTF-8",
            Assert
                .Throws<InvalidFileException>(() =>
                    YamlFile.Parse("c.yaml", [(byte)'a', (byte)':', (byte)' ', 0xFF], "a", "b")
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_value_of_the_wrong_kind_is_reported_at_its_offset_in_the_file()
    {
        var document = Parse("# ü\na:\n  b: [1, x]\n  c: 2\n");
        var section = document.GetObject("a");
        var error = Assert.Throws<InvalidFileException>(() => section.GetInt32s("b", 0, 9));
        Assert.Contains("byte 17", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<InvalidFileException>(() => section.GetString("c"));
        Assert.Contains("byte 25", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_change_of_a_byte_gives_a_document_or_an_error()
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("encoders", "emotion2vec", "emotion2vec-plus-like", "config.yaml"));
        var (count, accepted) = ByteMutation.Sweep(
            bytes,
            Enumerable.Range(0, bytes.Length),
            mutated => YamlFile.Parse("c.yaml", mutated, "a configuration", "download it again"),
            (_, _, _) => { }
        );
        Assert.InRange(accepted, 1, count - 1);
    }

    private static JsonCursor Parse(string yaml) =>
        YamlFile.Parse("c.yaml", Encoding.UTF8.GetBytes(yaml), "a configuration", "download it again");

    private static string Json(JsonCursor value)
    {
        if (value.IsObject)
            return value.ToJsonObject().ToJsonString();
        if (value.IsArray)
            return $"[{string.Join(',', value.Items.Select(Json))}]";
        return value.AsString() is { } text ? $"\"{text}\"" : value.AsText() ?? "null";
    }
}
