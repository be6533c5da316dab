using System.Text.Json;
using AttnCrnn.Encoders;
using AttnCrnn.IO;

namespace AttnCrnn.Features;

/// <summary>Reads and writes a store's <c>store.json</c>.</summary>
internal static class StoreJson
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="InvalidFileException">The file is not a description of a store.</exception>
    public static StoreDescription Read(string folder)
    {
        var path = Path.Combine(folder, StoreDescription.FileName);
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new JsonException("too large");
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            var json = new JsonFields(document.RootElement, StoreDescription.FileName);
            var description = new StoreDescription(
                EncoderJson.Read(json.GetFields("encoder")),
                ReadPrecision(json.GetString("precision")),
                ReadFormat(json.GetString("format"))
            );
            return description.Encoder is { Width: > 0 and < 1 << 20, LayerCount: > 0 and < 1 << 10 }
                ? description
                : throw new JsonException("the width is out of range");
        }
        catch (JsonException fault)
        {
            throw new InvalidFileException(
                path,
                null,
                $"an invalid description ({JsonErrorText.Describe(fault)})",
                "the description of a feature store",
                "extract again into a new folder"
            );
        }
    }

    /// <summary>
    /// Writes the description, or checks that the existing one is equal; of several runs that create a store
    /// concurrently, one writes and the others check.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// The folder holds frames of another encoder, precision or format.
    /// </exception>
    public static void WriteOrCheck(string folder, StoreDescription description)
    {
        var path = Path.Combine(folder, StoreDescription.FileName);
        if (!File.Exists(path) && AtomicFile.TryCreate(path, Json(description)))
            return;
        var existing = Read(folder);
        if (existing != description)
            throw new InvalidInputException(
                $"{folder} holds frames of {existing.Encoder} as {existing.Format} {existing.Precision}, not of "
                    + $"{description.Encoder} as {description.Format} {description.Precision}: give another --out"
            );
    }

    private static byte[] Json(StoreDescription description) =>
        [
            .. JsonBytes.WriteObject(
                json =>
                {
                    EncoderJson.Write(json, "encoder", description.Encoder);
                    json.WriteString("precision", Name(description.Precision));
                    json.WriteString("format", Name(description.Format));
                },
                new JsonWriterOptions { Indented = true }
            ),
            (byte)'\n',
        ];

    private static string Name(StorePrecision precision) => precision == StorePrecision.Float32 ? "float32" : "float16";

    private static string Name(StoreFormat format) => format == StoreFormat.Npz ? "npz" : "store";

    private static StorePrecision ReadPrecision(string name) =>
        name switch
        {
            "float16" => StorePrecision.Float16,
            "float32" => StorePrecision.Float32,
            _ => throw new JsonException("an unknown precision"),
        };

    private static StoreFormat ReadFormat(string name) =>
        name switch
        {
            "store" => StoreFormat.Store,
            "npz" => StoreFormat.Npz,
            _ => throw new JsonException("an unknown format"),
        };
}
