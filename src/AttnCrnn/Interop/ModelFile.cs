using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Interop;

/// <summary>
/// A model in one file: its tensors under Keras' names as safetensors, its description as JSON in the header's metadata. (The design's
/// <c>.keras</c> archive takes its place with the interop issue.)
/// </summary>
public static class ModelFile
{
    /// <summary>How the files' names end.</summary>
    public const string Extension = ".safetensors";

    private const string Key = "attn_crnn";

    /// <summary>Writes a model; the file is there whole or not at all, and the same model gives the same bytes.</summary>
    public static void Write(string path, SavedModel model, IReadOnlyList<ModelTensor> tensors) => AtomicFile.Write(path, stream => SafetensorsWriter.Write(
        stream,
        new Dictionary<string, string> { ["format"] = "attn-crnn", [Key] = ModelJson.Write(model) },
        [.. tensors.Select(tensor => (
            tensor.Name, "F32", (IReadOnlyList<long>)[.. tensor.Shape.Select(size => (long)size)], 4L * tensor.Values.Length,
            (Action<Stream>)(to => to.Write(MemoryMarshal.AsBytes(tensor.Values.AsSpan())))))]));

    /// <summary>Reads a model.</summary>
    /// <exception cref="BadFileException">It is no model of this program, a tensor is missing or misshapen, or its description contradicts itself.</exception>
    public static (SavedModel Model, IReadOnlyList<ModelTensor> Tensors) Read(string path)
    {
        using var file = SafetensorsFile.Open(path);
        if (!file.Metadata.TryGetValue(Key, out var text))
            throw new BadFileException(path, null, "safetensors without this program's description", "a model that train saved", "name a run, or its best_attn_crnn_model.safetensors");
        var model = Parse(path, text);
        var tensors = new List<ModelTensor>();
        foreach (var (name, shape, _) in Parameters.Shapes(model.Network))
        {
            if (!file.Entries.TryGetValue(name, out var entry) || !entry.Shape.SequenceEqual(shape.Select(size => (long)size)))
                throw new BadFileException(path, null, entry is null ? $"no tensor {name}" : $"{name} of [{string.Join(", ", entry.Shape)}]", $"{name} of [{string.Join(", ", shape)}]", "train again");
            var values = new float[entry.Count];
            file.Read(name, values);
            if (values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) >= 0) throw new BadFileException(path, null, $"NaN or infinity in {name}", "finite weights", "train again");
            tensors.Add(new(name, shape, values));
        }
        return (model, tensors);
    }

    private static SavedModel Parse(string path, string text)
    {
        SavedModel model;
        try
        {
            model = ModelJson.Read(text);
        }
        catch (JsonException fault)
        {
            throw new BadFileException(path, null, $"a description that cannot be read ({fault.Message.Split('.')[0]})", "the one that train saves", "train again");
        }
        var (width, scale) = (model.Network.FrameWidth, model.Normalisation);
        List<string> errors = [.. model.Network.Errors()];
        if (model.Labels.Count != model.Network.Classes || model.Labels.Distinct().Count() != model.Labels.Count) errors.Add($"{model.Labels.Count} labels for {model.Network.Classes} classes");
        if (model.Encoder.FrameWidth != width) errors.Add($"frames {model.Encoder.FrameWidth} wide for a network of {width}");
        if (model.Network.Layers != 1 && model.Network.Layers != model.Encoder.LayerCount) errors.Add($"a mix of {model.Network.Layers} layers for frames of {model.Encoder.LayerCount}");
        if (scale.Kind is not ("none" or "corpus" or "speaker") || scale.Mean.Length != scale.Deviation.Length || scale.Mean.Length != (scale.Kind == "none" ? 0 : width)
            || scale.Mean.Any(value => !float.IsFinite(value)) || scale.Deviation.Any(value => !(value > 0 && float.IsFinite(value))))
            errors.Add($"normalisation '{scale.Kind}' of {scale.Mean.Length} features");
        if (model.Temperature is not (> 0 and < 1000)) errors.Add($"temperature {model.Temperature}");
        if (model.Padding is < 0 or > 1_000_000) errors.Add($"padding {model.Padding}");
        return errors.Count == 0 ? model : throw new BadFileException(path, null, string.Join("; ", errors), "a description that fits itself", "train again");
    }
}
