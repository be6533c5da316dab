using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.IO;

/// <summary>
/// A JSON object written by this program, read field by field under explicit keys: the stored format does not depend
/// on C# names, and errors name the missing or invalid field.
/// </summary>
internal readonly struct JsonFields
{
    private readonly JsonElement element;
    private readonly string name;

    /// <param name="element">The JSON object.</param>
    /// <param name="name">Name of the object, for messages.</param>
    /// <exception cref="JsonException">The element is not an object.</exception>
    public JsonFields(JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw WrongKind(name, element);
        this.element = element;
        this.name = name;
    }

    /// <exception cref="JsonException">The field is missing or of another type, as for all methods below.</exception>
    public string GetString(string key) => Text(key, Required(key));

    public bool GetBoolean(string key) =>
        Required(key) is { ValueKind: JsonValueKind.True or JsonValueKind.False } value
            ? value.GetBoolean()
            : throw WrongKind(key, Required(key));

    public int GetInt32(string key) =>
        Number(key).TryGetInt32(out var number) ? number : throw WrongKind(key, Required(key));

    public long GetInt64(string key) =>
        Number(key).TryGetInt64(out var number) ? number : throw WrongKind(key, Required(key));

    public double GetDouble(string key) => Number(key).GetDouble();

    /// <summary>A number, or one of the strings <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</summary>
    public double GetNamedDouble(string key) =>
        Required(key) is not { ValueKind: JsonValueKind.String } value ? GetDouble(key)
        : value.ValueEquals("NaN") ? double.NaN
        : value.ValueEquals("Infinity") ? double.PositiveInfinity
        : value.ValueEquals("-Infinity") ? double.NegativeInfinity
        : throw WrongKind(key, value);

    /// <summary>A number that was written as float32, with identical bits.</summary>
    public float GetSingle(string key) => Number(key).GetSingle();

    public float[] GetSingles(string key) =>
        [.. Items(key).Select(item => OfKind(JsonValueKind.Number, key, item).GetSingle())];

    public IReadOnlyList<string> GetStrings(string key) => [.. Items(key).Select(item => Text(key, item))];

    public JsonFields GetFields(string key) => new(Required(key), key);

    public IReadOnlyList<JsonFields> GetFieldsList(string key) =>
        [.. Items(key).Select(item => new JsonFields(item, key))];

    /// <summary>A copy of an object whose content only the caller interprets.</summary>
    public JsonObject GetObject(string key) =>
        JsonObject.Create(OfKind(JsonValueKind.Object, key, Required(key)).Clone())!;

    private JsonElement Required(string key) =>
        element.TryGetProperty(key, out var value) ? value : throw new JsonException($"no {key} in {name}");

    private JsonElement.ArrayEnumerator Items(string key) =>
        OfKind(JsonValueKind.Array, key, Required(key)).EnumerateArray();

    private JsonElement Number(string key) => OfKind(JsonValueKind.Number, key, Required(key));

    private static string Text(string key, JsonElement value) => OfKind(JsonValueKind.String, key, value).GetString()!;

    private static JsonElement OfKind(JsonValueKind kind, string key, JsonElement value) =>
        value.ValueKind == kind ? value : throw WrongKind(key, value);

    private static JsonException WrongKind(string name, JsonElement value)
    {
        var kind = value.ValueKind switch
        {
            JsonValueKind.Number => "a number that does not fit",
            JsonValueKind.String => "a string",
            JsonValueKind.Null => "null",
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "an array",
            _ => "true or false",
        };
        return new($"{name} is {kind}");
    }
}
