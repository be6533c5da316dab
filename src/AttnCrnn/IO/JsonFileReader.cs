using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>A small JSON object in a file that others wrote, read field by field; what does not fit is said with the file and the field.</summary>
internal sealed class JsonFileReader : IDisposable
{
    private const int MaxItems = 1000;

    private readonly string path,
        expected;
    private readonly JsonDocument document;
    private readonly JsonElement root;

    private JsonFileReader(string path, string expected, JsonDocument document, JsonElement root) =>
        (this.path, this.expected, this.document, this.root) = (path, expected, document, root);

    /// <param name="expected">What the file should be, for messages.</param>
    /// <param name="field">The object within it that is read; null: the outermost.</param>
    /// <exception cref="InvalidFileException">It is missing, too large, or no JSON object.</exception>
    public static JsonFileReader Open(string path, string expected, int maxBytes, string? field = null)
    {
        using var stream = InputFile.Open(path, expected);
        if (stream.Length > maxBytes)
            throw new InvalidFileException(
                path,
                null,
                $"{stream.Length} bytes",
                $"{expected}, of at most {maxBytes} bytes",
                "fetch the file again"
            );
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (field is not null && root.ValueKind == JsonValueKind.Object)
                root = root.TryGetProperty(field, out var inner) ? inner : default;
            if (root.ValueKind == JsonValueKind.Object)
                return new(path, expected, document, root);
            document.Dispose();
            throw new InvalidFileException(
                path,
                0,
                field is null ? "JSON that is no object" : $"no object {field}",
                expected,
                "fetch the file again"
            );
        }
        catch (JsonException fault)
        {
            var other = InputFile.Recognize(bytes);
            throw new InvalidFileException(
                path,
                JsonErrorOffset.Offset(fault, bytes),
                other?.Found ?? "no JSON",
                expected,
                other?.Remedy ?? "fetch the file again"
            );
        }
    }

    public void Dispose() => document.Dispose();

    /// <summary>An exception about this file.</summary>
    public InvalidFileException Error(string found, string should, string remedy) =>
        new(path, null, found, should, remedy);

    /// <summary>Whether the field is there, and not null.</summary>
    public bool Contains(string name) => Value(name) is { ValueKind: not JsonValueKind.Null };

    public string GetString(string name, string? missing = null) =>
        Value(name) is not { ValueKind: not JsonValueKind.Null } value
            ? missing ?? throw Error($"no {name}", expected, "fetch the file again")
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw WrongValue(name, value, "a text");

    public IReadOnlyList<string> GetStrings(string name) =>
        Value(name) is not { ValueKind: JsonValueKind.Array } value
            ? []
            :
            [
                .. value
                    .EnumerateArray()
                    .Where(item => item.ValueKind == JsonValueKind.String)
                    .Select(item => item.GetString()!),
            ];

    public bool GetBoolean(string name, bool missing) =>
        Value(name) is not { ValueKind: not JsonValueKind.Null } value ? missing
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw WrongValue(name, value, "true or false");

    public int GetInt32(string name, int min, int max, int? missing = null) =>
        Value(name) is not { ValueKind: not JsonValueKind.Null } value
            ? missing ?? throw Error($"no {name}", expected, "fetch the file again")
        : ToInt32(value) is { } number && number >= min && number <= max ? number
        : throw WrongValue(name, value, $"a whole number from {min} to {max}");

    public float GetSingle(string name, float missing) =>
        Value(name) is not { ValueKind: not JsonValueKind.Null } value ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
        : throw WrongValue(name, value, "a number");

    /// <summary>Whole numbers from 1.</summary>
    public IReadOnlyList<int> GetInt32s(string name, int max)
    {
        if (Value(name) is not { ValueKind: JsonValueKind.Array } value || value.GetArrayLength() > MaxItems)
            throw Error($"no list of numbers {name}", expected, "fetch the file again");
        return
        [
            .. value
                .EnumerateArray()
                .Select(item =>
                    ToInt32(item) is { } number && number >= 1 && number <= max
                        ? number
                        : throw WrongValue(name, item, $"whole numbers from 1 to {max}")
                ),
        ];
    }

    private JsonElement? Value(string name) => root.TryGetProperty(name, out var value) ? value : null;

    private static int? ToInt32(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private InvalidFileException WrongValue(string name, JsonElement value, string should)
    {
        var text = value.GetRawText();
        return Error($"{name} {(text.Length > 40 ? text[..40] + "…" : text)}", should, "fetch the file again");
    }
}
