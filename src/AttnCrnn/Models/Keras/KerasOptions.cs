using System.Globalization;
using System.Text.Json;
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

    private readonly string file;
    private readonly KerasLayer layer;
    private readonly JsonElement config;
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    /// <exception cref="InvalidFileException">The layer's dtype is not a float type.</exception>
    public KerasOptions(string file, KerasLayer layer, JsonElement? config = null)
    {
        this.file = file;
        this.layer = layer;
        this.config = config ?? layer.Config;
        if (this.config.TryGetProperty("dtype", out var type) && type.ValueKind == JsonValueKind.Object)
            type =
                type.TryGetProperty("config", out var policy)
                && policy.ValueKind == JsonValueKind.Object
                && policy.TryGetProperty("name", out var name)
                    ? name
                    : default;
        if (
            type.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            || (type.ValueKind == JsonValueKind.String && Floats.Contains(type.GetString()))
        )
            return;
        throw UnsupportedOption("dtype", "a float type");
    }

    /// <summary>Requires a value; an option missing from the file has Keras' default.</summary>
    /// <param name="expected">As JSON; alternatives separated by |.</param>
    /// <param name="missing">Keras' default; null: the first expected value.</param>
    public KerasOptions Require(string name, string expected, string? missing = null)
    {
        var choices = expected.Split('|');
        seen.Add(name);
        var text = config.TryGetProperty(name, out var value) ? Compact(value) : missing ?? choices[0];
        return choices.Contains(text) ? this : throw UnsupportedOption(name, string.Join(" or ", choices));
    }

    /// <summary>Reads a positive integer.</summary>
    public int PositiveInt(string name)
    {
        seen.Add(name);
        return
            config.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var count)
            && count > 0
            ? count
            : throw UnsupportedOption(name, "a positive integer");
    }

    /// <summary>Reads a number from 0 to less than 1.</summary>
    public double UnitInterval(string name)
    {
        seen.Add(name);
        if (!config.TryGetProperty(name, out var value))
            return 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number is >= 0 and < 1
            ? number
            : throw UnsupportedOption(name, "0 to less than 1");
    }

    /// <summary>Reads a string; empty if null or missing.</summary>
    public string Text(string name)
    {
        seen.Add(name);
        if (!config.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return "";
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw UnsupportedOption(name, "a string");
    }

    /// <summary>Returns the raw value, to be validated by the caller; undefined if missing.</summary>
    public JsonElement Raw(string name)
    {
        seen.Add(name);
        return config.TryGetProperty(name, out var value) ? value : default;
    }

    /// <summary>Requires all other options to be disabled.</summary>
    public void RejectUnknown()
    {
        foreach (var option in config.EnumerateObject())
            if (!seen.Contains(option.Name) && !IsIgnored(option.Name) && !IsOff(option.Value))
                throw UnsupportedOption(option.Name, "it disabled");
    }

    /// <summary>Creates the error for an unsupported option value.</summary>
    public InvalidFileException UnsupportedOption(string name, string expected)
    {
        var shown = config.TryGetProperty(name, out var value) ? KerasGraphReader.Show(value) : "missing";
        return new(file, null, $"{layer} with {InputFile.Quote(name)[1..^1]} {shown}", expected, KerasGraph.Remedy);
    }

    /// <summary>A number as it stands in JSON.</summary>
    public static string Json(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static bool IsIgnored(string name) =>
        IgnoredNames.Contains(name) || IgnoredSuffixes.Any(suffix => name.EndsWith(suffix, StringComparison.Ordinal));

    private static bool IsOff(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            _ => false,
        };

    // Only short values are compared; a long one is never expected.
    private static string Compact(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 100 ? text : string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
    }
}
