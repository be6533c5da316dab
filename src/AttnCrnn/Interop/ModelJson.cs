using System.Text.Json;

namespace AttnCrnn.Interop;

/// <summary>A model's description as JSON.</summary>
internal static class ModelJson
{
    private const int MaxDepth = 16;

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, MaxDepth = MaxDepth };

    public static string Write(SavedModel model) => JsonSerializer.Serialize(model, Options);

    /// <exception cref="JsonException">It is no description; the message says what is amiss.</exception>
    public static SavedModel Read(string text)
    {
        using var description = JsonDocument.Parse(text, new() { MaxDepth = MaxDepth });
        return JsonRecord.Read<SavedModel>(description.RootElement);
    }
}
