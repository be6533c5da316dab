using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class JsonTableTests : IDisposable
{
    private const string First =
        "{\"file_name\": \"a.wav\", \"emotion\": \"sad\", \"speaker_id\": 7, "
        + "\"start\": 0.5, \"end\": null, \"split\": \"Train\"}";

    private const string Second = "{\"file_name\": \"b.wav\", \"gender\": \"male\", \"split\": \"dev\"}";

    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(First + "\n" + Second + "\n")]
    [InlineData("\uFEFF\r\n" + First + "\r\n\r\n" + Second)]
    [InlineData("[" + First + ",\n" + Second + "]")]
    [InlineData("{\"one\": " + First + ",\n \"two\": " + Second + "}")]
    [InlineData("{\"one\": " + First + ", \"two\": " + Second + "}")]
    public void Objects_are_read_one_per_line_in_an_array_and_in_an_object(string text)
    {
        foreach (var name in (string[])["clips.jsonl", "clips.json", "clips.ndjson"])
        {
            var (clips, notices) = folder.Read(text, name);
            Assert.Equal(new(folder.PathOf("a.wav"), "sad", "7", Subset.Train, 0.5), clips[0]);
            Assert.Equal(new(folder.PathOf("b.wav"), null, null, Subset.Validation) { Sex = "male" }, clips[1]);
            Assert.Empty(notices);
        }
    }

    [Fact]
    public void The_NaN_of_Python_is_a_missing_value_but_not_within_a_string()
    {
        var (clips, _) = folder.Read(
            "{\"file\": \"NaN \\\" NaN.wav\", \"label\": NaN, \"start\": 1, \"end\": NaN}\n",
            "clips.jsonl"
        );
        Assert.Equal(new(folder.PathOf("NaN \" NaN.wav"), null, null, null, 1), Assert.Single(clips));
    }

    [Fact]
    public void The_path_within_an_audio_column_is_read_and_other_nested_values_are_not()
    {
        var (clips, notices) = folder.Read(
            "{\"audio\": {\"bytes\": null, \"path\": \"a.wav\"}, \"label\": \"sad\", \"words\": [1, 2]}\n"
                + "{\"audio\": {\"bytes\": null, \"path\": \"b.wav\"}, \"label\": \"sad\", \"words\": []}\n",
            "clips.jsonl"
        );
        Assert.Equal([folder.PathOf("a.wav"), folder.PathOf("b.wav")], clips.Select(clip => clip.Path));
        Assert.Equal("1 columns of clips.jsonl are not used: words", Assert.Single(notices));
    }

    [Theory]
    [InlineData(First + "\n\n{\"file_name\": \"b.wav\"\n", "in line 3")]
    [InlineData(First + "\n17\n", "'17' in line 2")]
    [InlineData(First + "\n{\"emotion\": \"sad\"}\n", "no file_name in line 2")]
    [InlineData("[" + First + ",\n\n{\"file_name\": \"b.wav\", \"end\": \"soon\"}]", "as end in line 3")]
    [InlineData("{\"model_type\": \"wav2vec2\",\n\"layers\": 12}", "a JSON object that is no list")]
    [InlineData("{\"model_type\": \"wav2vec2\"}", "columns 'model_type'")]
    [InlineData("{\"file\": \"\\u0000\"}\n", "no file in line 1")]
    public void Other_JSON_is_refused_with_its_line(string text, string found)
    {
        var exception = Assert.Throws<InvalidFileException>(() => folder.Read(text, "clips.jsonl"));
        Assert.Contains(found, exception.Found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"path\":{\"0\":\"a.wav\",\"1\":\"b.wav\"},\"label\":{\"0\":\"sad\",\"1\":\"happy\"}}")]
    [InlineData("{\"label\":{\"x\":\"sad\",\"y\":\"happy\"},\n\"path\":{\"x\":\"a.wav\",\"y\":\"b.wav\"}}")]
    [InlineData("{\"path\":[\"a.wav\",\"b.wav\"],\"label\":[\"sad\",\"happy\"]}")]
    public void A_field_per_column_is_read_as_pandas_writes_it(string text)
    {
        var (clips, notices) = folder.Read(text, "clips.json");
        Assert.Equal([new(folder.PathOf("a.wav"), "sad", null), new(folder.PathOf("b.wav"), "happy", null)], clips);
        Assert.Empty(notices);
    }

    [Theory]
    [InlineData("{\"angry\":3,\"sad\":1,\"happy\":0}", "angry=3;sad=1")]
    [InlineData("[\"angry\",\"sad\",\"angry\"]", "angry=2;sad=1")]
    [InlineData("{\"angry\":0}", null)]
    public void Votes_may_be_an_object_with_numbers_or_a_list_of_labels(string votes, string? expected)
    {
        var text = $"{{\"path\":\"a.wav\",\"votes\":{votes}}}\n{{\"path\":\"b.wav\",\"votes\":{{\"sad\":1}}}}\n";
        var (clips, notices) = folder.Read(text, "clips.jsonl");
        Assert.Equal(
            "clips.jsonl: the label is the class with the most votes of the column votes",
            Assert.Single(notices)
        );
        Assert.Equal([expected, "sad=1"], clips.Select(clip => clip.Votes?.ToString()));
    }

    [Theory]
    [InlineData("{\"path\":[\"a.wav\",\"b.wav\"],\"label\":[\"sad\"]}", "expected 2 as of path")]
    [InlineData("{\"columns\":[\"path\"],\"index\":[0],\"data\":[[\"a.wav\"]]}", "orient=\"records\"")]
    [InlineData(
        "{\"path\":\"a.wav\"}\n{\"path\":\"b.wav\",\"label\":1,\"label\":2}",
        "the field 'label' twice in line 2"
    )]
    [InlineData("{\"path\":\"a.wav\"}\n{\"path\":\"b.wav\",\"Path\":\"c.wav\"}", "the field 'Path' twice in line 2")]
    [InlineData(
        "{\"path\":\"a.wav\"}\n{\"path\":\"b.wav\",\"label\":[\"happy\",\"sad\"]}",
        "[\"happy\",\"sad\"] as label in line 2"
    )]
    [InlineData("{\"path\":\"a.wav\",\"speaker\":{\"id\":1}}", "as speaker in line 1")]
    public void What_would_be_lost_is_refused(string text, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidFileException>(() => folder.Read(text, "clips.json")).Message,
            StringComparison.Ordinal
        );
}
