using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Testing.Formats;

/// <summary>Modified copies of archives.</summary>
internal sealed class KerasBuilder
{
    private readonly List<(string Name, byte[] Bytes)> entries = [];

    public static KerasBuilder FromFile(string path)
    {
        var builder = new KerasBuilder();
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries)
        {
            using var stream = entry.Open();
            var bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            builder.entries.Add((entry.FullName, bytes));
        }
        return builder;
    }

    /// <summary>The archive of a small model, which is written to a path first.</summary>
    public static KerasBuilder FromSmallModel(string path, string kind = "v2")
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFileWriter.Write(path, model, tensors, optimizer);
        return FromFile(path);
    }

    public static KerasBuilder FromFixture(string name) => FromFile(Fixtures.Path("keras", name));

    public IReadOnlyList<(string Name, byte[] Bytes)> Entries => entries;

    public byte[] this[string name] => entries.Single(entry => entry.Name == name).Bytes;

    public JsonObject Config => (JsonObject)JsonNode.Parse(this["config.json"])!;

    public KerasBuilder WithoutEntry(string name)
    {
        Assert.Equal(1, entries.RemoveAll(entry => entry.Name == name));
        return this;
    }

    public KerasBuilder WithEntry(string name, byte[] bytes)
    {
        entries.RemoveAll(entry => entry.Name == name);
        entries.Add((name, bytes));
        return this;
    }

    public KerasBuilder WithDuplicate(string name)
    {
        entries.Add((name, this[name]));
        return this;
    }

    public KerasBuilder WithText(string name, Func<string, string> change)
    {
        var (oldText, newText) = (Encoding.UTF8.GetString(this[name]), change(Encoding.UTF8.GetString(this[name])));
        Assert.NotEqual(oldText, newText);
        return WithEntry(name, Encoding.UTF8.GetBytes(newText));
    }

    /// <summary>Changes config.json; receives the layers by name.</summary>
    public KerasBuilder WithConfig(Action<JsonObject, Func<string, JsonObject>> change)
    {
        var config = Config;
        change(config, name =>
            (JsonObject)
                ((JsonArray)config["config"]!["layers"]!).Single(layer => (string?)layer!["config"]!["name"] == name)!
        );
        return WithEntry("config.json", Encoding.UTF8.GetBytes(config.ToJsonString()));
    }

    public void Save(string path, CompressionLevel level = CompressionLevel.NoCompression)
    {
        using var stream = File.Create(path);
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            using var content = archive.CreateEntry(name, level).Open();
            content.Write(bytes);
        }
    }
}
