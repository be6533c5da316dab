using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// The options of one layer, each of which must be what the network can do. Whoever reads them calls <see cref="RejectUnknown"/>: an option that nobody asked for, and that is
/// not plainly off, is a layer that does something else.
/// </summary>
internal sealed class KerasOptions
{
    // What changes no prediction and no step of training: names, how weights began. What regularises or constrains them is left behind, as docs/models.md says.
    private static readonly HashSet<string> Free =
    [
        "name",
        "trainable",
        "dtype",
        "seed",
        "unit_forget_bias",
        "zero_output_for_mask",
        "renorm_momentum",
    ];
    private static readonly string[] FreeEnds = ["_initializer", "_regularizer", "_constraint"];
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

    /// <exception cref="InvalidFileException">The layer computes with something else than floats.</exception>
    public KerasOptions(string file, KerasLayer layer, JsonElement? config = null)
    {
        (this.file, this.layer, this.config) = (file, layer, config ?? layer.Config);
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

    /// <summary>The option must be this; where the file leaves it out, it is what Keras takes then.</summary>
    /// <param name="expected">As JSON; several where each will do.</param>
    /// <param name="missing">What Keras takes where it is not said; null: the first expected.</param>
    public KerasOptions Require(string name, string expected, string? missing = null)
    {
        var choices = expected.Split('|');
        seen.Add(name);
        var text = config.TryGetProperty(name, out var value) ? Compact(value) : missing ?? choices[0];
        return choices.Contains(text) ? this : throw UnsupportedOption(name, string.Join(" or ", choices));
    }

    /// <summary>A whole number from 1.</summary>
    public int PositiveInt(string name)
    {
        seen.Add(name);
        return
            config.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out var count)
            && count > 0
            ? count
            : throw UnsupportedOption(name, "a whole number from 1");
    }

    /// <summary>A share from 0 to less than 1.</summary>
    public double UnitInterval(string name)
    {
        seen.Add(name);
        if (!config.TryGetProperty(name, out var value))
            return 0;
        return
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var probability)
            && probability is >= 0 and < 1
            ? probability
            : throw UnsupportedOption(name, "0 to less than 1");
    }

    /// <summary>A text; empty where it is null or left out.</summary>
    public string Text(string name)
    {
        seen.Add(name);
        if (!config.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return "";
        return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw UnsupportedOption(name, "a text");
    }

    /// <summary>Anything, to be looked at by the caller; undefined where it is left out.</summary>
    public JsonElement Raw(string name)
    {
        seen.Add(name);
        return config.TryGetProperty(name, out var value) ? value : default;
    }

    /// <summary>Nothing else is on.</summary>
    public void RejectUnknown()
    {
        foreach (var option in config.EnumerateObject())
            if (!seen.Contains(option.Name) && !IsFree(option.Name) && !IsOff(option.Value))
                throw UnsupportedOption(option.Name, "it off");
    }

    /// <summary>The layer does not fit, by this option.</summary>
    public InvalidFileException UnsupportedOption(string name, string expected) =>
        new(
            file,
            null,
            $"{layer} with {InputFile.Quote(name)[1..^1]} {(config.TryGetProperty(name, out var value) ? KerasGraphReader.Show(value) : "left out")}",
            expected,
            KerasGraph.Remedy
        );

    private static bool IsFree(string name) =>
        Free.Contains(name) || FreeEnds.Any(end => name.EndsWith(end, StringComparison.Ordinal));

    private static bool IsOff(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Number => value.TryGetDouble(out var number) && number == 0,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(),
            _ => false,
        };

    // Short values alone are compared; a long one is never what is expected.
    private static string Compact(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length > 100 ? text : string.Concat(text.Where(letter => !char.IsWhiteSpace(letter)));
    }
}
