using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.Interop;

/// <summary>
/// A record from JSON under snake_case names: what its constructor takes must be there, the rest keeps its default. As JsonSerializer would read it; but that compiles a
/// converter a type when it is first used, which took a fifth of the time in which the program starts and judges a clip, and a generated one forgets defaults.
/// </summary>
internal static class JsonRecord
{
    /// <exception cref="JsonException">Something is missing or of another kind; the message names it.</exception>
    public static T Read<T>(JsonElement from) => (T)Record(typeof(T), from, "the description");

    private static object Record(Type type, JsonElement from, string path)
    {
        if (from.ValueKind != JsonValueKind.Object) throw Unfit(path, from);
        var maker = type.GetConstructors().MaxBy(of => of.GetParameters().Length)!; // a record's own has all of its parameters
        var taken = maker.GetParameters();
        var record = maker.Invoke([.. taken.Select(of => from.TryGetProperty(Name(of.Name!), out var value)
            ? Value(of.ParameterType, value, Name(of.Name!)) : throw new JsonException($"no {Name(of.Name!)} in {path}"))]);
        foreach (var property in type.GetProperties().Where(of => of.SetMethod is not null && taken.All(parameter => parameter.Name != of.Name)))
            if (from.TryGetProperty(Name(property.Name), out var value)) property.SetValue(record, Value(property.PropertyType, value, Name(property.Name)));
        return record;
    }

    private static object Value(Type type, JsonElement from, string path)
    {
        try
        {
            return type switch
            {
                _ when type == typeof(string) => from.GetString() ?? throw Unfit(path, from),
                _ when type == typeof(bool) => from.GetBoolean(),
                _ when type == typeof(int) => from.GetInt32(),
                _ when type == typeof(double) => from.GetDouble(),
                _ when type == typeof(float[]) => Array(from, of => of.GetSingle()),
                _ when type == typeof(IReadOnlyList<string>) => Array(from, of => of.GetString() ?? throw Unfit(path, of)),
                _ when type == typeof(JsonObject) => JsonObject.Create(from.Clone()) ?? throw Unfit(path, from),
                { IsEnum: true } => from.ValueKind == JsonValueKind.Number && Enum.ToObject(type, from.GetInt32()) is var value && Enum.IsDefined(type, value) ? value : throw Unfit(path, from),
                _ => Record(type, from, path),
            };
        }
        catch (Exception fault) when (fault is InvalidOperationException or FormatException)
        {
            throw Unfit(path, from);
        }
    }

    private static T[] Array<T>(JsonElement from, Func<JsonElement, T> read)
    {
        var values = new T[from.GetArrayLength()];
        var at = 0;
        foreach (var element in from.EnumerateArray()) values[at++] = read(element);
        return values;
    }

    private static string Name(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);

    private static JsonException Unfit(string path, JsonElement from) => new($"{path} is {from.ValueKind switch
    {
        JsonValueKind.Number => "a number that does not fit", JsonValueKind.String => "a text", JsonValueKind.Null => "null", JsonValueKind.Object => "an object", JsonValueKind.Array => "an array", _ => "true or false",
    }}");
}
