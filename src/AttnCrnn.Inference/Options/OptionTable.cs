using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace AttnCrnn.Options;

/// <summary>
/// The options of a command or a training, in the order of the help. Immutable, and therefore thread-safe.
/// </summary>
/// <typeparam name="TOptions">The set of options, an immutable record.</typeparam>
public sealed class OptionTable<TOptions>
{
    private readonly Dictionary<string, OptionDefinition<TOptions>> byKey;

    /// <summary>Creates the table.</summary>
    /// <param name="options">Options with distinct keys.</param>
    public OptionTable(IReadOnlyList<OptionDefinition<TOptions>> options)
    {
        Options = options;
        byKey = options.ToDictionary(option => option.Key.Name);
    }

    /// <summary>All options.</summary>
    public IReadOnlyList<OptionDefinition<TOptions>> Options { get; }

    /// <summary>An option.</summary>
    /// <exception cref="KeyNotFoundException">There is no option of this key.</exception>
    [SuppressMessage(
        "Design",
        "CA1043:Use Integral Or String Argument For Indexers",
        Justification = "A key is a name."
    )]
    public OptionDefinition<TOptions> this[OptionKey key] => byKey[key.Name];

    /// <summary>An option; null if there is none of this key.</summary>
    public OptionDefinition<TOptions>? Find(string key) => byKey.GetValueOrDefault(key);

    /// <summary>The errors of all values.</summary>
    public IEnumerable<OptionError> FindErrors(TOptions options) =>
        Options.Select(option => option.FindError(options)).OfType<OptionError>();

    /// <summary>The stored values, sorted by key.</summary>
    public JsonObject ToJson(TOptions options)
    {
        var json = new JsonObject();
        foreach (
            var option in Options.Where(option => option.IsStored).OrderBy(o => o.Key.Name, StringComparer.Ordinal)
        )
            json[option.Key.Name] = option.ToJson(options);
        return json;
    }

    /// <summary>Sets options from their texts.</summary>
    /// <param name="values">Keys that are not in the table are ignored.</param>
    /// <param name="errors">Receives the errors of texts that cannot be parsed.</param>
    public TOptions Parse(TOptions options, OptionValues values, ICollection<OptionError> errors)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var option in Options)
            if (values.Find(option.Key) is { } texts)
                options = option.Parse(options, texts, errors);
        return options;
    }

    /// <summary>Options as part of a larger set of options.</summary>
    public IEnumerable<OptionDefinition<TOuter>> Within<TOuter>(
        Func<TOuter, TOptions> get,
        Func<TOuter, TOptions, TOuter> set
    ) => Options.Select(option => option.Within(get, set));
}
