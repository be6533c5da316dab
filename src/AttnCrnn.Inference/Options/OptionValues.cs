using System.Globalization;
using AttnCrnn.IO;

namespace AttnCrnn.Options;

/// <summary>
/// Options that a user has set, as text: those of a command line, of a configuration file, or of both. Options that are
/// not contained keep their defaults. Thread-safe while no option is set or removed.
/// </summary>
public sealed class OptionValues
{
    private readonly Dictionary<string, IReadOnlyList<string>> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> sources = new(StringComparer.Ordinal);

    /// <summary>Version of the defaults of the options that are not set: 1 for those of release 0.1.</summary>
    internal int DefaultsVersion { get; init; } = CurrentDefaultsVersion;

    internal const int CurrentDefaultsVersion = 2;

    /// <summary>The keys of the options, in the order in which they were set.</summary>
    public IReadOnlyCollection<string> Keys => texts.Keys;

    /// <summary>The options of a JSON object; those that are null are left out.</summary>
    /// <param name="fields">Keys may be written with hyphens: <c>batch-size</c>.</param>
    /// <param name="source">Where they come from, for messages; null: not named.</param>
    /// <exception cref="InvalidFileException">A value is an object, or a list with null.</exception>
    public static OptionValues FromJson(IEnumerable<(string Key, JsonCursor Value)> fields, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var values = new OptionValues();
        foreach (var (key, value) in fields)
            if (!value.IsNull)
                values.Set(new(key.Replace('-', '_')), [.. GetTexts(value)], source);
        return values;
    }

    /// <summary>The texts of an option; null if it is not set.</summary>
    public IReadOnlyList<string>? Find(OptionKey key) => texts.GetValueOrDefault(key.Name);

    /// <summary>Whether an option is set.</summary>
    public bool Contains(OptionKey key) => texts.ContainsKey(key.Name);

    /// <summary>The options that are not in a table.</summary>
    public OptionValues Without<TOptions>(OptionTable<TOptions> table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return Select([.. Keys.Where(key => table.Find(key) is null).Select(key => new OptionKey(key))]);
    }

    /// <summary>The options without some.</summary>
    internal OptionValues Without(params OptionKey[] keys)
    {
        var remaining = new OptionValues { DefaultsVersion = DefaultsVersion };
        foreach (var name in Keys)
            if (new OptionKey(name) is var key && !keys.Contains(key))
                remaining.Set(key, texts[name], FindSource(key));
        return remaining;
    }

    /// <summary>Some of these options.</summary>
    public OptionValues Select(params OptionKey[] keys)
    {
        var selected = new OptionValues();
        foreach (var key in keys)
            if (Find(key) is { } value)
                selected.Set(key, value, FindSource(key));
        return selected;
    }

    /// <summary>Sets an option.</summary>
    /// <param name="value">One text; any number for a list; none for a switch that is on.</param>
    /// <param name="source">Where it comes from, for messages; null: not named.</param>
    public void Set(OptionKey key, IReadOnlyList<string> value, string? source = null)
    {
        texts[key.Name] = value;
        if (source is not null)
            sources[key.Name] = source;
    }

    /// <summary>Where an option comes from, for messages; null: not named, as for a command line.</summary>
    public string? FindSource(OptionKey key) => sources.GetValueOrDefault(key.Name);

    /// <summary>Removes an option.</summary>
    public void Remove(OptionKey key) => texts.Remove(key.Name);

    /// <summary>These options, and those of another set that this one does not contain.</summary>
    public OptionValues WithFallback(OptionValues fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        var merged = new OptionValues { DefaultsVersion = Math.Min(DefaultsVersion, fallback.DefaultsVersion) };
        foreach (var (key, value) in texts)
            merged.Set(new(key), value, FindSource(new(key)));
        foreach (var (key, value) in fallback.texts.Where(pair => !texts.ContainsKey(pair.Key)))
            merged.Set(new(key), value, fallback.FindSource(new(key)));
        return merged;
    }

    // 30.0 is a whole number in JSON, and 1e-3 is a number.
    private static IEnumerable<string> GetTexts(JsonCursor value)
    {
        if (value.IsArray)
            return value.Items.SelectMany(GetTexts);
        return
        [
            value.AsInt64() is { } integer
                ? integer.ToString(CultureInfo.InvariantCulture)
                : value.AsText() ?? throw value.Unexpected("a string, a number, true, false, or a list of them"),
        ];
    }
}
