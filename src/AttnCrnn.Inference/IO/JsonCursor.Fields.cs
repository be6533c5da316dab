namespace AttnCrnn.IO;

/// <summary>Fields of an object, by kind.</summary>
public sealed partial class JsonCursor
{
    private const int MaxIntegers = 1000;

    /// <summary>A field of any kind.</summary>
    /// <exception cref="InvalidFileException">
    /// The field is missing, or the value is not an object; as for all methods below, also if the field is of another
    /// kind.
    /// </exception>
    internal JsonCursor Get(string key) => RequireObject().Find(key) ?? throw CreateMissingError(key);

    internal JsonCursor GetObject(string key) => Get(key).RequireObject();

    internal JsonCursor GetArray(string key) => Get(key).RequireArray();

    /// <summary>Whether the field exists and is not null.</summary>
    internal bool Contains(string key) => FindValue(key) is not null;

    /// <param name="defaultValue">Value of a field that is missing or null; null: it is required.</param>
    internal string GetString(string key, string? defaultValue = null) =>
        FindValue(key) is not { } value
            ? TakeDefault(key, defaultValue ?? throw CreateMissingError(key))
            : value.RequireString();

    internal IReadOnlyList<string> GetStrings(string key) =>
        [.. GetArray(key).Items.Select(item => item.RequireString())];

    /// <summary>Empty if the field is not an array, as in files of versions that did not have it.</summary>
    internal IReadOnlyList<string> FindStrings(string key) => Find(key) is { IsArray: true } ? GetStrings(key) : [];

    /// <param name="defaultValue">Value of a field that is missing or null; null: it is required.</param>
    internal bool GetBoolean(string key, bool? defaultValue = null) =>
        FindValue(key) is not { } value
            ? TakeDefault(key, defaultValue ?? throw CreateMissingError(key))
            : value.AsBoolean() ?? throw value.Unexpected("true or false");

    /// <param name="defaultValue">Value of a field that is missing or null; null: it is required.</param>
    internal int GetInt32(string key, int min = int.MinValue, int max = int.MaxValue, int? defaultValue = null) =>
        FindValue(key) is not { } value
            ? TakeDefault(key, defaultValue ?? throw CreateMissingError(key))
            : value.RequireInt32(min, max);

    /// <summary>At most 1000 integers.</summary>
    internal IReadOnlyList<int> GetInt32s(string key, int min, int max)
    {
        var array = GetArray(key);
        return array.Count <= MaxIntegers
            ? [.. array.Items.Select(item => item.RequireInt32(min, max))]
            : throw array.Unexpected($"at most {MaxIntegers} integers");
    }

    internal long GetInt64(string key) => Get(key).RequireInt64();

    internal double GetDouble(string key) => Get(key).RequireDouble();

    /// <summary>A number, or one of the strings <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</summary>
    internal double GetNamedDouble(string key)
    {
        var value = Get(key);
        return value.AsString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => value.RequireDouble(),
        };
    }

    /// <summary>A finite number; one that was written as float32 has identical bits.</summary>
    /// <param name="defaultValue">Value of a field that is missing or null; null: it is required.</param>
    internal float GetSingle(string key, float? defaultValue = null) =>
        FindValue(key) is not { } value
            ? TakeDefault(key, defaultValue ?? throw CreateMissingError(key))
            : value.RequireSingle();

    internal float[] GetSingles(string key) => [.. GetArray(key).Items.Select(item => item.RequireSingle())];

    /// <summary>Reports that a field is missing and has its default.</summary>
    /// <returns>The default.</returns>
    internal T TakeDefault<T>(string key, T value)
        where T : notnull
    {
        source.DefaultTaken?.Invoke(key, value);
        return value;
    }

    internal string RequireString() => AsString() ?? throw Unexpected("a string");

    internal long RequireInt64() => AsInt64() ?? throw Unexpected("an integer");

    internal double RequireDouble() => AsDouble() ?? throw Unexpected("a number");

    private int RequireInt32(int min, int max) =>
        AsInt32() is { } number && number >= min && number <= max
            ? number
            : throw Unexpected(min == int.MinValue ? "an integer" : $"an integer from {min} to {max}");

    private float RequireSingle() => AsSingle() ?? throw Unexpected("a number");

    private JsonCursor? FindValue(string key) => RequireObject().Find(key) is { IsNull: false } value ? value : null;

    private InvalidFileException CreateMissingError(string key) => Error($"no {CombinePath(key)}", source.Expected);
}
