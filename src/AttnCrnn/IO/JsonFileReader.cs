using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>Reads a small external JSON file field by field; errors name the file and the field.</summary>
internal sealed class JsonFileReader : IDisposable
{
    private const int MaxItems = 1000;

    private readonly string path;
    private readonly string expected;
    private readonly JsonDocument document;
    private readonly JsonElement root;

    private JsonFileReader(string path, string expected, JsonDocument document, JsonElement root)
    {
        this.path = path;
        this.expected = expected;
        this.document = document;
        this.root = root;
    }

    /// <param name="expected">What the file should be, for messages.</param>
    /// <param name="field">The nested object to read; null for the root.</param>
    /// <exception cref="InvalidFileException">The file is missing, too large, or not a JSON object.</exception>
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
                field is null ? "JSON that is not an object" : $"no object {field}",
                expected,
                "fetch the file again"
            );
        }
        catch (JsonException exception)
        {
            var other = InputFile.Recognize(bytes);
            throw new InvalidFileException(
                path,
                JsonErrorOffset.Offset(exception, bytes),
                other?.Found ?? "invalid JSON",
                expected,
                other?.Remedy ?? "fetch the file again"
            );
        }
    }

    public void Dispose() => document.Dispose();

    /// <summary>Creates an exception for this file.</summary>
    public InvalidFileException Error(string found, string expectation, string remedy) =>
        new(path, null, found, expectation, remedy);

    /// <summary>Whether the field exists and is not null.</summary>
    public bool Contains(string name) => Value(name) is { ValueKind: not JsonValueKind.Null };

    public string GetString(string name, string? missing = null) =>
        Value(name) is not { ValueKind: not JsonValueKind.Null } value
            ? missing ?? throw Error($"no {name}", expected, "fetch the file again")
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw WrongValue(name, value, "a string");

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
        : throw WrongValue(name, value, $"an integer from {min} to {max}");

    public float GetSingle(string name, float missing) =>
        Value(name) is not { ValueKind: not JsonValueKind.Null } value ? missing
        : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
        : throw WrongValue(name, value, "a number");

    /// <summary>A list of integers from 1 to <paramref name="max"/>.</summary>
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
                        : throw WrongValue(name, item, $"integers from 1 to {max}")
                ),
        ];
    }

    private JsonElement? Value(string name) => root.TryGetProperty(name, out var value) ? value : null;

    private static int? ToInt32(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private InvalidFileException WrongValue(string name, JsonElement value, string expectation)
    {
        var text = value.GetRawText();
        return Error($"{name} {(text.Length > 40 ? text[..40] + "…" : text)}", expectation, "fetch the file again");
    }
}
