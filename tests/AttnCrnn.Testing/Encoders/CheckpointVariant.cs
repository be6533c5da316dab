using System.Text.Json.Nodes;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Testing.Encoders.References.Shapes;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders;

/// <summary>A copy of a checkpoint of tests/fixtures/encoders, to be changed.</summary>
internal sealed class CheckpointVariant : IDisposable
{
    public const string Config = "config.json";
    public const string Preprocessor = "preprocessor_config.json";
    public const string Processor = "processor_config.json";
    public const string Weights = "model.safetensors";

    private readonly CheckpointBuilder folder = new();

    /// <param name="checkpoint">Its folder below tests/fixtures/encoders, with slashes.</param>
    public CheckpointVariant(string checkpoint)
    {
        foreach (var file in Directory.EnumerateFiles(Fixtures.Path(["encoders", .. checkpoint.Split('/')])))
            if (!System.IO.Path.GetFileName(file).StartsWith("expected", StringComparison.Ordinal))
                File.Copy(file, PathOf(System.IO.Path.GetFileName(file)));
    }

    public string Path => folder.Path;

    public string PathOf(string name) => folder.PathOf(name);

    /// <summary>Changes a JSON file.</summary>
    public CheckpointVariant WithJson(string name, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(File.ReadAllText(PathOf(name)))!.AsObject();
        change(json);
        folder.WithFile(name, json.ToJsonString());
        return this;
    }

    /// <summary>Changes a text file, which must contain the text.</summary>
    public CheckpointVariant WithText(string name, string text, string replacement)
    {
        var content = File.ReadAllText(PathOf(name));
        Assert.Contains(text, content, StringComparison.Ordinal);
        folder.WithFile(name, content.Replace(text, replacement, StringComparison.Ordinal));
        return this;
    }

    /// <summary>Writes a file.</summary>
    public CheckpointVariant WithFile(string name, string content)
    {
        folder.WithFile(name, content);
        return this;
    }

    /// <summary>Changes the tensors of model.safetensors, by name.</summary>
    public CheckpointVariant WithTensors(Action<Dictionary<string, StoredTensor>> change)
    {
        Dictionary<string, StoredTensor> tensors;
        using (var files = CheckpointFiles.Open(Path))
            tensors = files.Tensors.Values.ToDictionary(
                tensor => tensor.Name,
                tensor => new StoredTensor(
                    tensor.Name,
                    [.. tensor.Shape.Select(size => (int)size)],
                    CheckpointBuilder.Read(files, tensor.Name)
                )
            );
        change(tensors);
        folder.WithFile(Weights, HubFiles.CreateSafetensors(tensors.Values));
        return this;
    }

    /// <summary>Moves preprocessor_config.json into processor_config.json, as transformers 5 saves it.</summary>
    public CheckpointVariant WithProcessor(Action<JsonObject>? change = null)
    {
        var extractor = JsonNode.Parse(File.ReadAllText(PathOf(Preprocessor)))!.AsObject();
        change?.Invoke(extractor);
        File.Delete(PathOf(Preprocessor));
        var processor = new JsonObject { ["processor_class"] = "Wav2Vec2Processor" };
        processor["feature_extractor"] = extractor;
        return WithFile(Processor, processor.ToJsonString());
    }

    public void Dispose() => folder.Dispose();
}
