using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace AttnCrnn.Options;

/// <summary>How many values an option takes.</summary>
public enum OptionArity
{
    /// <summary>None: its presence is its value.</summary>
    Switch,

    /// <summary>One value.</summary>
    One,

    /// <summary>One or more values, each an argument of its own.</summary>
    Multiple,

    /// <summary>Values separated by commas; the option may be repeated.</summary>
    CommaSeparated,
}

/// <summary>How values of an option are parsed, formatted and stored. Immutable, and therefore thread-safe.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public abstract class OptionType<T>
{
    /// <summary>What is expected, for messages: <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>How many values the option takes.</summary>
    public virtual OptionArity Arity => OptionArity.One;

    /// <summary>The valid texts of a closed set; empty for other types.</summary>
    public virtual IReadOnlyList<string> Choices => [];

    /// <summary>Parses the texts of an option: one, or any number for a list.</summary>
    public abstract bool TryParse(IReadOnlyList<string> texts, [MaybeNullWhen(false)] out T value);

    /// <summary>Whether the value is one of the type; a value of an enum can be none of its members.</summary>
    public virtual bool IsValid(T value) => true;

    /// <summary>The value as text; empty if there is none.</summary>
    public abstract string Format(T value);

    /// <summary>The value as it is stored in configuration files.</summary>
    public abstract JsonNode? ToJson(T value);

    /// <summary>The value as a number, which a range can contain; null if it is not a number.</summary>
    public virtual double? ToNumber(T value) => null;
}
