using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.IO;

/// <summary>
/// A value of a JSON document with its position: the only place that examines the kinds of JSON values. Fields are read
/// by explicit keys, so that stored formats do not depend on C# names, and every error contains the file, the byte
/// offset, the field, what was found and what was expected. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// <c>As…</c> converts the value, and is null for a value of another kind; <c>Find</c> looks for a field that may be
/// missing; <c>Get…</c> requires a field of the kind.
/// </remarks>
public sealed partial class JsonCursor
{
    private const int MaxShownCharacters = 60;
    private const int MaxShownBytes = 4 * (MaxShownCharacters + 1);
    private const double MaxExactInteger = 1L << 53; // not every larger integer is a double

    private readonly JsonSource source;
    private readonly JsonElement root;
    private readonly long? rootOffset;
    private readonly JsonElement element;
    private readonly JsonCursor? parent;
    private readonly string? name; // of the field; null: an element of an array
    private readonly int index;

    internal JsonCursor(JsonSource source, JsonElement root, long? rootOffset)
    {
        this.source = source;
        this.root = root;
        this.rootOffset = rootOffset;
        element = root;
    }

    private JsonCursor(JsonCursor parent, string? name, int index, JsonElement element)
    {
        source = parent.source;
        root = parent.root;
        rootOffset = parent.rootOffset;
        this.parent = parent;
        this.name = name;
        this.index = index;
        this.element = element;
    }

    /// <summary>The file, or where else the document comes from.</summary>
    public string SourceFile => source.File;

    /// <summary>Whether the value is null.</summary>
    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    /// <summary>Whether the value is an object.</summary>
    public bool IsObject => element.ValueKind == JsonValueKind.Object;

    /// <summary>Whether the value is an array.</summary>
    public bool IsArray => element.ValueKind == JsonValueKind.Array;

    /// <summary>The elements of an array.</summary>
    /// <exception cref="InvalidFileException">The value is not an array.</exception>
    public IEnumerable<JsonCursor> Items =>
        RequireArray().element.EnumerateArray().Select((item, position) => CreateChild(position, item));

    /// <summary>The fields of an object, in the order of the document; names may repeat.</summary>
    /// <exception cref="InvalidFileException">The value is not an object.</exception>
    public IEnumerable<(string Name, JsonCursor Value)> Fields =>
        RequireObject().element.EnumerateObject().Select(pair => (pair.Name, CreateChild(pair.Name, pair.Value)));

    /// <summary>Number of elements of an array.</summary>
    /// <exception cref="InvalidFileException">The value is not an array.</exception>
    internal int Count => RequireArray().element.GetArrayLength();

    /// <summary>An element of an array.</summary>
    internal JsonCursor this[int position] => CreateChild(position, RequireArray().element[position]);

    /// <summary>A field; null if it is missing or the value is not an object.</summary>
    public JsonCursor? Find(string key) =>
        IsObject && element.TryGetProperty(key, out var value) ? CreateChild(key, value) : null;

    /// <summary>A string; null for any other value.</summary>
    internal string? AsString() => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    /// <summary>True or false; null for any other value.</summary>
    internal bool? AsBoolean() =>
        element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };

    /// <summary>A number; null for any other value.</summary>
    public double? AsDouble() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) ? number : null;

    /// <summary>An integer, also one written as 30.0 or 3e1; null for any other value.</summary>
    public long? AsInt64()
    {
        if (AsDouble() is not { } number)
            return null;
        if (element.TryGetInt64(out var integer))
            return integer;
        return double.IsInteger(number) && Math.Abs(number) <= MaxExactInteger ? (long)number : null;
    }

    /// <summary>A string, or a number, true or false as it is written; null for any other value.</summary>
    public string? AsText() =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => element.GetRawText(),
            _ => null,
        };

    /// <summary>An integer, as for <see cref="AsInt64"/>; null for any other value.</summary>
    internal int? AsInt32() => AsInt64() is { } number and >= int.MinValue and <= int.MaxValue ? (int)number : null;

    /// <summary>A finite number; null for any other value.</summary>
    internal float? AsSingle() =>
        element.ValueKind == JsonValueKind.Number && element.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : null;

    /// <summary>A copy of an object that can be changed.</summary>
    /// <exception cref="InvalidFileException">The value is not an object.</exception>
    public JsonObject ToJsonObject() => JsonObject.Create(RequireObject().element)!;

    /// <summary>The value for messages: the beginning of its JSON, on one line.</summary>
    internal string FormatValue()
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        var text = Encoding.UTF8.GetString(raw[..Math.Min(raw.Length, MaxShownBytes)]);
        return text.Length > MaxShownCharacters
            ? RemoveControlCharacters(text[..MaxShownCharacters]) + "…"
            : RemoveControlCharacters(text);
    }

    /// <summary>An error in this value, at its offset; without an offset if it is the whole document.</summary>
    /// <param name="remedy">Null: the document's remedy.</param>
    internal InvalidFileException Error(string found, string expected, string? remedy = null) =>
        new(source.File, parent is null ? null : Offset, found, expected, remedy ?? source.Remedy);

    /// <summary>The error that this value is of another kind or outside the range.</summary>
    internal InvalidFileException Unexpected(string expected) =>
        new(source.File, Offset, parent is null ? FormatValue() : $"{Path} {FormatValue()}", expected, source.Remedy);

    // From the root, for example encoder.layers[2].
    private string Path =>
        parent is null ? ""
        : name is null ? $"{parent.Path}[{index}]"
        : parent.CombinePath(name);

    /// <summary>Byte offset of the value in the file; null if the document has none.</summary>
    // Both values are in the same copy of the document.
    internal long? Offset =>
        JsonMarshal.GetRawUtf8Value(root).Overlaps(JsonMarshal.GetRawUtf8Value(element), out var offset)
        && rootOffset is { } start
            ? source.MapOffset(start + offset)
            : null;

    private JsonCursor RequireArray() => IsArray ? this : throw Unexpected("an array");

    private JsonCursor RequireObject() =>
        IsObject ? this : throw Unexpected(parent is null ? source.Expected : "an object");

    private string CombinePath(string key) =>
        parent is null ? RemoveControlCharacters(key) : $"{Path}.{RemoveControlCharacters(key)}";

    private JsonCursor CreateChild(string key, JsonElement value) => new(this, key, 0, value);

    private JsonCursor CreateChild(int position, JsonElement item) => new(this, null, position, item);

    private static string RemoveControlCharacters(string text) => InputFile.Sanitize(text);
}
