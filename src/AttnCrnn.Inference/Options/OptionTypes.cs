using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AttnCrnn.Options;

/// <summary>The types of options.</summary>
public static class OptionTypes
{
    /// <summary>On or off.</summary>
    public static OptionType<bool> Switch { get; } = new SwitchType();

    /// <summary>A whole number.</summary>
    public static OptionType<int> WholeNumber { get; } =
        new NumberType<int>(
            "a whole number",
            (text, out value) =>
                int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            value => value
        );

    /// <summary>A random seed.</summary>
    public static OptionType<ulong> Seed { get; } =
        new NumberType<ulong>(
            $"a whole number from 0 to {ulong.MaxValue}",
            (text, out value) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value),
            value => value
        );

    /// <summary>A finite number.</summary>
    public static OptionType<double> Number { get; } =
        new NumberType<double>(
            "a number",
            (text, out value) =>
                double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
                && double.IsFinite(value),
            value => value
        );

    /// <summary>A text, or none.</summary>
    public static OptionType<string?> Text { get; } = new TextType([]);

    /// <summary>One of a closed set of texts, or none.</summary>
    public static OptionType<string?> TextChoice(params string[] choices) => new TextType(choices);

    /// <summary>Several texts, each an argument of its own.</summary>
    public static OptionType<IReadOnlyList<string>> Texts { get; } = new ListType(OptionArity.Multiple);

    /// <summary>Texts separated by commas.</summary>
    public static OptionType<IReadOnlyList<string>> List { get; } = new ListType(OptionArity.CommaSeparated);

    /// <summary>A value that may be missing, for a default that depends on something else.</summary>
    public static OptionType<T?> Optional<T>(OptionType<T> type)
        where T : struct => new OptionalType<T>(type);

    /// <summary>One of a closed set of values.</summary>
    /// <param name="choices">Each value with its text.</param>
    public static OptionType<T> Choice<T>(params (string Text, T Value)[] choices)
        where T : notnull => new ChoiceType<T>(choices);

    private static string FormatAlternatives(IReadOnlyList<string> texts) =>
        texts.Count == 1 ? texts[0] : $"{string.Join(", ", texts.SkipLast(1))} or {texts[^1]}";

    private delegate bool NumberParser<T>(string text, out T value);

    private sealed class SwitchType : OptionType<bool>
    {
        public override string Expected => "true or false";

        public override OptionArity Arity => OptionArity.Switch;

        public override bool TryParse(IReadOnlyList<string> texts, out bool value)
        {
            value = texts is [] or ["1"];
            return value || texts is ["0"] || (texts is [var text] && bool.TryParse(text, out value));
        }

        public override string Format(bool value) => value ? "true" : "false";

        public override JsonNode? ToJson(bool value) => value;
    }

    private sealed class NumberType<T>(string expected, NumberParser<T> parse, Func<T, double> toNumber) : OptionType<T>
        where T : struct, IFormattable
    {
        public override string Expected => expected;

        public override bool TryParse(IReadOnlyList<string> texts, out T value)
        {
            value = default;
            return texts is [var text] && parse(text, out value);
        }

        // Not 3E-05 if digits suffice.
        public override string Format(T value)
        {
            var digits = value.ToString("0.##########", CultureInfo.InvariantCulture);
            return double.TryParse(digits, CultureInfo.InvariantCulture, out var parsed) && parsed == toNumber(value)
                ? digits
                : value.ToString(null, CultureInfo.InvariantCulture);
        }

        public override JsonNode? ToJson(T value) => JsonValue.Create(value);

        public override double? ToNumber(T value) => toNumber(value);
    }

    private sealed class TextType(string[] choices) : OptionType<string?>
    {
        public override string Expected => choices.Length == 0 ? "a text" : FormatAlternatives(choices);

        public override IReadOnlyList<string> Choices => choices;

        public override bool TryParse(IReadOnlyList<string> texts, out string? value)
        {
            value = texts is [var text] ? text : null;
            return value is not null && IsValid(value);
        }

        public override bool IsValid(string? value) => value is null || choices.Length == 0 || choices.Contains(value);

        public override string Format(string? value) => value ?? "";

        public override JsonNode? ToJson(string? value) => value;
    }

    private sealed class ListType(OptionArity arity) : OptionType<IReadOnlyList<string>>
    {
        public override string Expected => "one or more texts";

        public override OptionArity Arity => arity;

        public override bool TryParse(IReadOnlyList<string> texts, out IReadOnlyList<string> value)
        {
            value = arity == OptionArity.Multiple ? texts : [.. texts.SelectMany(SplitAtCommas)];
            return true;
        }

        public override string Format(IReadOnlyList<string> value) => string.Join(", ", value);

        public override JsonNode? ToJson(IReadOnlyList<string> value) =>
            new JsonArray([.. value.Select(text => (JsonNode?)text)]);

        private static string[] SplitAtCommas(string text) => text.Split(',', StringSplitOptions.TrimEntries);
    }

    private sealed class OptionalType<T>(OptionType<T> type) : OptionType<T?>
        where T : struct
    {
        public override string Expected => type.Expected;

        public override OptionArity Arity => type.Arity;

        public override IReadOnlyList<string> Choices => type.Choices;

        public override bool TryParse(IReadOnlyList<string> texts, out T? value)
        {
            var isValid = type.TryParse(texts, out var parsed);
            value = isValid ? parsed : null;
            return isValid;
        }

        public override bool IsValid(T? value) => value is not { } present || type.IsValid(present);

        public override string Format(T? value) => value is { } present ? type.Format(present) : "";

        public override JsonNode? ToJson(T? value) => value is { } present ? type.ToJson(present) : null;

        public override double? ToNumber(T? value) => value is { } present ? type.ToNumber(present) : null;
    }

    private sealed class ChoiceType<T>((string Text, T Value)[] choices) : OptionType<T>
        where T : notnull
    {
        public override string Expected => FormatAlternatives(Choices);

        public override IReadOnlyList<string> Choices { get; } = [.. choices.Select(choice => choice.Text)];

        public override bool TryParse(IReadOnlyList<string> texts, [MaybeNullWhen(false)] out T value)
        {
            value = default;
            if (texts is not [var text])
                return false;
            foreach (var choice in choices)
                if (choice.Text == text)
                {
                    value = choice.Value;
                    return true;
                }
            return false;
        }

        public override bool IsValid(T value) => choices.Any(choice => Equals(choice.Value, value));

        public override string Format(T value)
        {
            foreach (var choice in choices)
                if (EqualityComparer<T>.Default.Equals(choice.Value, value))
                    return choice.Text;
            return $"{value}";
        }

        public override JsonNode? ToJson(T value) => Format(value);
    }
}
