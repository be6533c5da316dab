using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Validates the options of one layer. Callers finish with <see cref="RejectUnknown"/>: an option that was not read and
/// is not disabled means that the layer computes something else.
/// </summary>
internal sealed class KerasOptions
{
    // Options without effect on inference or training steps: names, initializers. Regularizers and constraints are
    // ignored, as documented in docs/models.md.
    private static readonly HashSet<string> IgnoredNames =
    [
        "name",
        "trainable",
        "dtype",
        "seed",
        "unit_forget_bias",
        "zero_output_for_mask",
        "renorm_momentum",
    ];
    private static readonly string[] IgnoredSuffixes = ["_initializer", "_regularizer", "_constraint"];
    private static readonly string[] Floats =
    [
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "mixed_float16",
        "mixed_bfloat16",
    ];

    private const int MaxComparedItems = 10;

    private readonly KerasLayer layer;
    private readonly JsonCursor config;
    private readonly HashSet<string> readOptions = new(StringComparer.Ordinal);

    /// <exception cref="InvalidFileException">The layer's dtype is not a float type.</exception>
    public KerasOptions(KerasLayer layer, JsonCursor? config = null)
    {
        this.layer = layer;
        this.config = config ?? layer.Config;
        var type = Find("dtype");
        if (type is { IsObject: true })
            type = type.Find("config")?.Find("name");
        if (type is null or { IsNull: true } || Floats.Contains(type.AsString()))
            return;
        throw CreateUnsupportedOptionError("dtype", "a float type");
    }

    /// <summary>Requires a value; an option missing from the file has Keras' default.</summary>
    /// <param name="expected">As JSON; alternatives separated by |.</param>
    /// <param name="defaultValue">Keras' default; null: the first expected value.</param>
    public KerasOptions Require(string name, string expected, string? defaultValue = null)
    {
        var choices = expected.Split('|');
        readOptions.Add(name);
        var text = Find(name) is { } value ? FormatCompact(value) : defaultValue ?? choices[0];
        return choices.Contains(text) ? this : throw CreateUnsupportedOptionError(name, string.Join(" or ", choices));
    }

    /// <summary>Reads a positive integer.</summary>
    public int GetPositiveInt32(string name)
    {
        readOptions.Add(name);
        return Find(name)?.AsInt32() is { } count and > 0
            ? count
            : throw CreateUnsupportedOptionError(name, "a positive integer");
    }

    /// <summary>Reads a number from 0 to less than 1.</summary>
    public double GetRate(string name)
    {
        readOptions.Add(name);
        if (Find(name) is not { } value)
            return 0;
        return value.AsDouble() is { } number and >= 0 and < 1
            ? number
            : throw CreateUnsupportedOptionError(name, "0 to less than 1");
    }

    /// <summary>Reads a string; empty if null or missing.</summary>
    public string GetString(string name)
    {
        readOptions.Add(name);
        if (Find(name) is not { IsNull: false } value)
            return "";
        return value.AsString() ?? throw CreateUnsupportedOptionError(name, "a string");
    }

    /// <summary>Returns the raw value, to be validated by the caller; null if missing.</summary>
    public JsonCursor? GetRaw(string name)
    {
        readOptions.Add(name);
        return Find(name);
    }

    /// <summary>Requires all other options to be disabled.</summary>
    public void RejectUnknown()
    {
        foreach (var (name, value) in config.Fields)
            if (!readOptions.Contains(name) && !IsIgnored(name) && !IsDisabled(Unwrap(value)))
                throw CreateUnsupportedOptionError(name, "no such option");
    }

    /// <summary>Creates the error for an unsupported option value.</summary>
    public InvalidFileException CreateUnsupportedOptionError(string name, string expected)
    {
        var value = Find(name);
        return (value ?? config).Error(
            $"{layer} with {InputFile.Sanitize(name)} {value?.FormatValue() ?? "missing"}",
            expected,
            KerasGraph.Remedy
        );
    }

    /// <summary>Formats a number as in JSON.</summary>
    public static string FormatNumber(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Whether a value is null, false, 0, or empty: what it sets is off.</summary>
    public static bool IsDisabled(JsonCursor value) =>
        value.IsNull
        || value.AsBoolean() == false
        || value.AsDouble() == 0
        || value.IsArray && value.Count == 0
        || value.IsObject && !value.Fields.Any();

    // Keras 2.12 writes NumPy's numbers as {"class_name": "__numpy__", "config": {"value": 0.0, …}}.
    private JsonCursor? Find(string name) => config.Find(name) is { } value ? Unwrap(value) : null;

    private static JsonCursor Unwrap(JsonCursor value) =>
        value.Find("class_name")?.AsString() == "__numpy__" && value.Find("config")?.Find("value") is { } number
            ? number
            : value;

    private static bool IsIgnored(string name) =>
        IgnoredNames.Contains(name) || IgnoredSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    // As JSON without spaces, and 1 for 1.0. Only short lists are compared; a long one is never expected.
    private static string FormatCompact(JsonCursor value)
    {
        if (value.IsArray)
            return value.Count > MaxComparedItems
                ? value.FormatValue()
                : $"[{string.Join(',', value.Items.Select(FormatCompact))}]";
        if (value.IsObject)
            return value.Fields.Any() ? value.FormatValue() : "{}";
        return value.AsString() is { } text ? $"\"{text}\""
            : value.AsInt64() is { } integer ? integer.ToString(CultureInfo.InvariantCulture)
            : value.AsText() ?? "null";
    }
}
