using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Testing.Formats;

namespace AttnCrnn.Testing.Encoders.References.Shapes;

/// <summary>Writes checkpoints in the layout of the Hugging Face hub.</summary>
internal static class HubFiles
{
    /// <summary>Writes config.json, preprocessor_config.json and model.safetensors.</summary>
    public static void Write(
        CheckpointBuilder folder,
        JsonObject config,
        JsonObject preprocessor,
        IReadOnlyList<StoredTensor> tensors
    ) =>
        folder
            .WithFile("config.json", config.ToJsonString())
            .WithFile("preprocessor_config.json", preprocessor.ToJsonString())
            .WithFile("model.safetensors", CreateSafetensors(tensors));

    /// <summary>The bytes of a safetensors file.</summary>
    public static byte[] CreateSafetensors(IEnumerable<StoredTensor> tensors)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(
            stream,
            new Dictionary<string, string> { ["format"] = "pt" },
            [.. tensors.Select(CreateEntry)]
        );
        return stream.ToArray();
    }

    private static (string, string, IReadOnlyList<long>, long, Action<Stream>) CreateEntry(StoredTensor tensor)
    {
        var bytes = MemoryMarshal.AsBytes<float>(tensor.Values).ToArray();
        long[] sizes = [.. tensor.Shape.Select(size => (long)size)];
        return (tensor.Name, "F32", sizes, bytes.Length, stream => stream.Write(bytes));
    }
}
