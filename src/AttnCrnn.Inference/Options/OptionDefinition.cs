using System.Text.Json.Nodes;

namespace AttnCrnn.Options;

/// <summary>
/// An option, declared once: the command line, the help, configuration files, validation, reports and the reference
/// page are derived from it. Immutable, and therefore thread-safe.
/// </summary>
public abstract class OptionDefinition
{
    /// <summary>Creates the declaration.</summary>
    /// <param name="key">Key in configuration files; <c>--key</c> on the command line.</param>
    protected OptionDefinition(OptionKey key) => Key = key;

    /// <summary>Key in configuration files; <c>--key</c> on the command line.</summary>
    public OptionKey Key { get; }

    /// <summary>One sentence that begins with a verb, without default and range.</summary>
    public required string Help { get; init; }

    /// <summary>Heading in the help.</summary>
    public required string Group { get; init; }

    /// <summary>Placeholder of the value in the help: <c>N</c>; empty for a switch.</summary>
    public string ValueName { get; init; } = "";

    /// <summary>Short form on the command line, with its hyphen: <c>-c</c>; null: none.</summary>
    public string? ShortName { get; init; }

    /// <summary>Unit of the value; null if it has none.</summary>
    public string? Unit { get; init; }

    /// <summary>The valid numbers; null if the option is not a number or any is valid.</summary>
    public OptionRange? Range { get; init; }

    /// <summary>What the option changes; a test fails if it is missing or changes nothing.</summary>
    public OptionProbe? Probe { get; init; }

    /// <summary>
    /// Whether the value is a path of this machine, which configuration files hold as an absolute path.
    /// </summary>
    public bool IsPath { get; init; }

    /// <summary>Whether the option is part of a stored configuration.</summary>
    public bool IsStored { get; init; } = true;

    /// <summary>How the default is described if it depends on something else; null: by its value.</summary>
    public string? DefaultText { get; init; }

    /// <summary>How many values the option takes.</summary>
    public abstract OptionArity Arity { get; }

    /// <summary>The valid texts of a closed set; empty for other types.</summary>
    public abstract IReadOnlyList<string> Choices { get; }

    /// <summary>What is expected, for messages: <c>1 to 1000</c>, <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>The default for the help; empty if there is none.</summary>
    public abstract string DescribeDefault();
}

/// <summary>How an option of one command differs in another one; null: not at all.</summary>
/// <param name="Group">Heading in the help.</param>
/// <param name="Help">One sentence that begins with a verb.</param>
/// <param name="Probe">What the option changes.</param>
public sealed record OptionChange(string? Group = null, string? Help = null, OptionProbe? Probe = null)
{
    /// <summary>The default, if it differs.</summary>
    public string? DefaultText { get; init; }
}

/// <summary>An option of a set of options. Immutable, and therefore thread-safe.</summary>
/// <typeparam name="TOptions">The set of options, an immutable record.</typeparam>
public abstract class OptionDefinition<TOptions> : OptionDefinition
{
    /// <summary>Creates the declaration.</summary>
    protected OptionDefinition(OptionKey key)
        : base(key) { }

    /// <summary>
    /// Whether the value has an effect in a set of options; null: always. Reports omit a value that has none.
    /// </summary>
    public Func<TOptions, bool>? UsedWhen { get; init; }

    /// <summary>The options with this option set from its text.</summary>
    /// <param name="texts">One text; any number for a list; none for a switch that is on.</param>
    /// <param name="errors">The error if the text is invalid; the options are unchanged then.</param>
    public abstract TOptions Parse(TOptions options, IReadOnlyList<string> texts, ICollection<OptionError> errors);

    /// <summary>The value as it is stored.</summary>
    public abstract JsonNode? ToJson(TOptions options);

    /// <summary>The value as text; empty if there is none.</summary>
    public abstract string Format(TOptions options);

    /// <summary>The error of the value; null if it is valid.</summary>
    public abstract OptionError? FindError(TOptions options);

    /// <summary>The option as part of a larger set of options.</summary>
    /// <param name="get">The part of the larger set.</param>
    /// <param name="set">The larger set with another part.</param>
    /// <param name="change">What differs in the larger set; null: nothing.</param>
    public OptionDefinition<TOuter> Within<TOuter>(
        Func<TOuter, TOptions> get,
        Func<TOuter, TOptions, TOuter> set,
        OptionChange? change = null
    ) =>
        new OptionOfPart<TOuter, TOptions>(this, get, set)
        {
            Help = change?.Help ?? Help,
            Group = change?.Group ?? Group,
            ValueName = ValueName,
            Unit = Unit,
            Range = Range,
            Probe = change?.Probe ?? Probe,
            IsPath = IsPath,
            IsStored = IsStored,
            DefaultText = change?.DefaultText,
            UsedWhen = UsedWhen is { } isUsed ? options => isUsed(get(options)) : null,
        };
}

/// <summary>An option with its type. Immutable, and therefore thread-safe.</summary>
/// <typeparam name="TOptions">The set of options, an immutable record.</typeparam>
/// <typeparam name="TValue">Type of the value.</typeparam>
public class OptionDefinition<TOptions, TValue> : OptionDefinition<TOptions>
    where TOptions : new()
{
    private readonly OptionType<TValue> type;
    private readonly Func<TOptions, TValue> get;
    private readonly Func<TOptions, TValue, TOptions> set;

    /// <summary>Creates the declaration.</summary>
    /// <param name="key">Key in configuration files; <c>--key</c> on the command line.</param>
    /// <param name="type">How values are parsed, formatted and stored.</param>
    /// <param name="get">The value in a set of options.</param>
    /// <param name="set">The set of options with another value.</param>
    public OptionDefinition(
        OptionKey key,
        OptionType<TValue> type,
        Func<TOptions, TValue> get,
        Func<TOptions, TValue, TOptions> set
    )
        : base(key)
    {
        this.type = type;
        this.get = get;
        this.set = set;
    }

    /// <inheritdoc/>
    public override OptionArity Arity => type.Arity;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices => type.Choices;

    /// <inheritdoc/>
    public override string Expected => Range is { } range ? $"{range}" : type.Expected;

    /// <inheritdoc/>
    public override string DescribeDefault() => DefaultText ?? FormatValue(get(new()));

    /// <inheritdoc/>
    public override TOptions Parse(TOptions options, IReadOnlyList<string> texts, ICollection<OptionError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (type.TryParse(texts, out var value))
            return set(options, value);
        errors.Add(new(Key, string.Join(' ', texts), DescribeExpected(type.Expected)));
        return options;
    }

    /// <inheritdoc/>
    public override JsonNode? ToJson(TOptions options) => type.ToJson(get(options));

    /// <inheritdoc/>
    public override string Format(TOptions options) => FormatValue(get(options));

    /// <inheritdoc/>
    public override OptionError? FindError(TOptions options)
    {
        var value = get(options);
        if (IsPath && IsEmptyPath(value))
            return new(Key, "''", "is empty; name a file or folder (perhaps a variable of the shell is not set)");
        var isValid =
            type.IsValid(value) && (Range is null || type.ToNumber(value) is not { } number || Range.Contains(number));
        return isValid ? null : new(Key, FormatValue(value), DescribeExpected(Expected));
    }

    private static bool IsEmptyPath(TValue value) =>
        value switch
        {
            string path => path.Length == 0,
            IEnumerable<string> paths => paths.Any(path => path.Length == 0),
            _ => false,
        };

    /// <summary>The value as text.</summary>
    protected string FormatValue(TValue value) => type.Format(value);

    /// <summary>The options with another value.</summary>
    protected TOptions Set(TOptions options, TValue value) => set(options, value);

    /// <summary>The value of the options.</summary>
    protected TValue Get(TOptions options) => get(options);

    private string DescribeExpected(string expected) =>
        DescribeDefault() is { Length: > 0 } text
            ? $"expected {expected}; the default is {text}"
            : $"expected {expected}";
}

/// <summary>An option of a part of a set of options.</summary>
internal sealed class OptionOfPart<TOptions, TPart>(
    OptionDefinition<TPart> definition,
    Func<TOptions, TPart> get,
    Func<TOptions, TPart, TOptions> set
) : OptionDefinition<TOptions>(definition.Key)
{
    public override OptionArity Arity => definition.Arity;

    public override IReadOnlyList<string> Choices => definition.Choices;

    public override string Expected => definition.Expected;

    public override string DescribeDefault() => DefaultText ?? definition.DescribeDefault();

    public override TOptions Parse(TOptions options, IReadOnlyList<string> texts, ICollection<OptionError> errors) =>
        set(options, definition.Parse(get(options), texts, errors));

    public override JsonNode? ToJson(TOptions options) => definition.ToJson(get(options));

    public override string Format(TOptions options) => definition.Format(get(options));

    public override OptionError? FindError(TOptions options) => definition.FindError(get(options));
}
