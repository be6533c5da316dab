using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AttnCrnn.Formats;

namespace AttnCrnn.Features;

/// <summary>The <c>store.json</c> of a store.</summary>
internal static class StoreJson
{
    private const int MostBytes = 1 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };

    /// <exception cref="BadFileException">It is no description of a store.</exception>
    public static StoreDescription Read(string folder)
    {
        var path = Path.Combine(folder, StoreDescription.FileName);
        try
        {
            if (new FileInfo(path).Length > MostBytes) throw new JsonException("too large");
            var description = JsonSerializer.Deserialize<StoreDescription>(File.ReadAllText(path), Options) ?? throw new JsonException("empty");
            return description.Encoder is { Width: > 0 and < 1 << 20, LayerCount: > 0 and < 1 << 10 } ? description : throw new JsonException("no width");
        }
        catch (JsonException fault)
        {
            throw new BadFileException(path, null, $"something else ({fault.Message.Split('.')[0]})", "the description of a feature store", "extract again into a new folder");
        }
    }

    /// <summary>Writes the description, or checks that the one there is the same; of several runs that begin a store at once, one writes and the others check.</summary>
    /// <exception cref="RefusedException">The folder holds frames that something else made.</exception>
    public static void WriteOrCheck(string folder, StoreDescription description)
    {
        var path = Path.Combine(folder, StoreDescription.FileName);
        if (!File.Exists(path) && AtomicFile.TryCreate(path, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(description, Options) + "\n"))) return;
        var there = Read(folder);
        if (there != description)
            throw new RefusedException(
                $"{folder} holds frames of {there.Encoder} as {there.Format} {there.Precision}, not of {description.Encoder} as {description.Format} {description.Precision}: give another --out");
    }
}
