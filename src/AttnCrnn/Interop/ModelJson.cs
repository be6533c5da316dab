using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AttnCrnn.Model;

namespace AttnCrnn.Interop;

/// <summary>
/// A model's description as JSON. Its readers are generated when the program is built: made from reflection at run time they take longer than all the rest of judging a clip.
/// </summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true, MaxDepth = 16)]
[JsonSerializable(typeof(SavedModel))]
internal sealed partial class ModelJson : JsonSerializerContext
{
    private const string Network = "network";

    public static string Write(SavedModel model) => JsonSerializer.Serialize(model, Default.SavedModel);

    /// <exception cref="JsonException">It is no description.</exception>
    public static SavedModel Read(string text)
    {
        var description = JsonNode.Parse(text, documentOptions: new() { MaxDepth = 16, AllowDuplicateProperties = false }) as JsonObject ?? throw new JsonException("no object");
        // An older program's network lacks options that came later. A generated reader would set them to nothing, and not to their defaults.
        if (description[Network] is JsonObject given) description[Network] = WithDefaults(given);
        return description.Deserialize(Default.SavedModel) ?? throw new JsonException("null");
    }

    private static JsonObject WithDefaults(JsonObject given)
    {
        var network = JsonSerializer.SerializeToNode(new NetworkOptions(1, 1), Default.NetworkOptions)!.AsObject();
        foreach (var required in (string[])["width", "classes"]) network.Remove(required);
        foreach (var (name, value) in given) network[name] = value?.DeepClone();
        return network;
    }
}
