using System.Text.Json;

namespace AttnCrnn.Formats;

/// <summary>A small JSON object in a file that others wrote, read field by field; what does not fit is said with the file and the field.</summary>
internal sealed class JsonFile : IDisposable
{
    private const int MostNumbers = 1000;

    private readonly string path, expected;
    private readonly JsonDocument document;
    private readonly JsonElement root;

    private JsonFile(string path, string expected, JsonDocument document, JsonElement root) =>
        (this.path, this.expected, this.document, this.root) = (path, expected, document, root);

    /// <param name="expected">What the file should be, for messages.</param>
    /// <param name="field">The object within it that is read; null: the outermost.</param>
    /// <exception cref="BadFileException">It is missing, too large, or no JSON object.</exception>
    public static JsonFile Open(string path, string expected, int mostBytes, string? field = null)
    {
        using var stream = InputFile.Open(path, expected);
        if (stream.Length > mostBytes) throw new BadFileException(path, null, $"{stream.Length} bytes", $"{expected}, of at most {mostBytes} bytes", "fetch the file again");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        try
        {
            var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            if (field is not null && root.ValueKind == JsonValueKind.Object) root = root.TryGetProperty(field, out var inner) ? inner : default;
            if (root.ValueKind == JsonValueKind.Object) return new(path, expected, document, root);
            document.Dispose();
            throw new BadFileException(path, 0, field is null ? "JSON that is no object" : $"no object {field}", expected, "fetch the file again");
        }
        catch (JsonException fault)
        {
            var other = InputFile.Recognise(bytes);
            throw new BadFileException(path, JsonFault.Offset(fault, bytes), other?.Found ?? "no JSON", expected, other?.Remedy ?? "fetch the file again");
        }
    }

    public void Dispose() => document.Dispose();

    /// <summary>An exception about this file.</summary>
    public BadFileException Bad(string found, string should, string remedy) => new(path, null, found, should, remedy);

    /// <summary>Whether the field is there, and not null.</summary>
    public bool Has(string name) => Value(name) is { ValueKind: not JsonValueKind.Null };

    public string Text(string name, string? missing = null) => Value(name) is not { ValueKind: not JsonValueKind.Null } value
        ? missing ?? throw Bad($"no {name}", expected, "fetch the file again")
        : value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(name, value, "a text");

    public IReadOnlyList<string> Texts(string name) => Value(name) is not { ValueKind: JsonValueKind.Array } value
        ? [] : [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)];

    public bool Flag(string name, bool missing) => Value(name) is not { ValueKind: not JsonValueKind.Null } value
        ? missing : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Wrong(name, value, "true or false");

    public int Number(string name, int least, int most, int? missing = null) => Value(name) is not { ValueKind: not JsonValueKind.Null } value
        ? missing ?? throw Bad($"no {name}", expected, "fetch the file again")
        : Whole(value) is { } number && number >= least && number <= most ? number : throw Wrong(name, value, $"a whole number from {least} to {most}");

    public float Real(string name, float missing) => Value(name) is not { ValueKind: not JsonValueKind.Null } value
        ? missing : value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number) ? number : throw Wrong(name, value, "a number");

    /// <summary>Whole numbers from 1.</summary>
    public IReadOnlyList<int> Numbers(string name, int most)
    {
        if (Value(name) is not { ValueKind: JsonValueKind.Array } value || value.GetArrayLength() > MostNumbers) throw Bad($"no list of numbers {name}", expected, "fetch the file again");
        return [.. value.EnumerateArray().Select(item => Whole(item) is { } number && number >= 1 && number <= most ? number : throw Wrong(name, item, $"whole numbers from 1 to {most}"))];
    }

    private JsonElement? Value(string name) => root.TryGetProperty(name, out var value) ? value : null;

    private static int? Whole(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private BadFileException Wrong(string name, JsonElement value, string should)
    {
        var text = value.GetRawText();
        return Bad($"{name} {(text.Length > 40 ? text[..40] + "…" : text)}", should, "fetch the file again");
    }
}
