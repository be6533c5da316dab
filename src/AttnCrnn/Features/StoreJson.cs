using System.Text.Json;
using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>Reads and writes a store's <c>store.json</c>.</summary>
internal static class StoreJson
{
    private const int MaxBytes = 1 << 20;

    /// <exception cref="InvalidFileException">The file is not a description of a store.</exception>
    public static StoreDescription Read(string folder)
    {
        var json = new JsonSource(
            Path.Combine(folder, StoreDescription.FileName),
            "the description of a feature store",
            "extract the features again into a new folder"
        ).Read(MaxBytes);
        var encoder = json.GetObject("encoder");
        var description = new StoreDescription(
            EncoderJson.Read(encoder),
            ReadPrecision(json.Get("precision")),
            ReadFormat(json.Get("format"))
        );
        return description.Encoder is { Width: > 0 and < 1 << 20, LayerCount: > 0 and < 1 << 10 }
            ? description
            : throw encoder.Error(
                $"feature dimension {description.Encoder.Width} x {description.Encoder.LayerCount} layers",
                "1 to a million features and 1 to a thousand layers"
            );
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
        if (!File.Exists(path) && AtomicFile.TryCreate(path, Serialize(description)))
            return;
        var existingDescription = Read(folder);
        if (existingDescription != description)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{folder} holds frames of {existingDescription.Encoder} as {existingDescription.Format} "
                        + $"{existingDescription.Precision}, not of {description.Encoder} as {description.Format} "
                        + $"{description.Precision}: choose another {OptionKeys.Out}"
                )
            );
    }

    private static byte[] Serialize(StoreDescription description) =>
        [
            .. JsonBytes.WriteObject(
                json =>
                {
                    EncoderJson.Write(json, "encoder", description.Encoder);
                    json.WriteString("precision", GetName(description.Precision));
                    json.WriteString("format", GetName(description.Format));
                },
                new JsonWriterOptions { Indented = true }
            ),
            (byte)'\n',
        ];

    private static string GetName(StorePrecision precision) =>
        precision == StorePrecision.Float32 ? "float32" : "float16";

    private static string GetName(StoreFormat format) => format == StoreFormat.Npz ? "npz" : "store";

    private static StorePrecision ReadPrecision(JsonCursor json) =>
        json.AsString() switch
        {
            "float16" => StorePrecision.Float16,
            "float32" => StorePrecision.Float32,
            _ => throw json.Unexpected("float16 or float32"),
        };

    private static StoreFormat ReadFormat(JsonCursor json) =>
        json.AsString() switch
        {
            "store" => StoreFormat.Store,
            "npz" => StoreFormat.Npz,
            _ => throw json.Unexpected("store or npz"),
        };
}
