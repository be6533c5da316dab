using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace AttnCrnn;

/// <summary>Name of an option: its key in configuration files and in the library's messages.</summary>
/// <param name="Name">For example <c>batch_size</c>.</param>
public readonly record struct OptionKey(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>
/// A message that names options by their keys; immutable, and therefore thread-safe. Whoever shows it can spell the
/// keys as its user does: a program with a command line as <c>--batch_size</c>.
/// </summary>
/// <example><c>OptionText.Create($"reduce {OptionKeys.BatchSize} ({size})")</c></example>
public sealed class OptionText
{
    private OptionText(IReadOnlyList<Part> parts) => Parts = parts;

    internal IReadOnlyList<Part> Parts { get; }

    /// <summary>A message with the given parts.</summary>
    public static OptionText Create(OptionTextHandler text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new(text.Parts);
    }

    /// <summary>A message that names no option.</summary>
    public static OptionText FromString(string text) => new([new(text, IsKey: false)]);

    /// <summary>Several messages as one.</summary>
    public static OptionText Join(string separator, IEnumerable<OptionText> texts)
    {
        var parts = new List<Part>();
        foreach (var text in texts)
        {
            if (parts.Count > 0)
                parts.Add(new(separator, IsKey: false));
            parts.AddRange(text.Parts);
        }
        return new(parts);
    }

    /// <summary>A message that names no option.</summary>
    public static implicit operator OptionText(string text) => FromString(text);

    /// <summary>The message, with its keys in the spelling of the user.</summary>
    /// <param name="formatKey">Returns the spelling of a key.</param>
    public string Format(Func<string, string> formatKey)
    {
        var text = new StringBuilder();
        foreach (var part in Parts)
            text.Append(part.IsKey ? formatKey(part.Text) : part.Text);
        return text.ToString();
    }

    /// <summary>The message, with its keys as in configuration files.</summary>
    public override string ToString() => Format(key => key);

    internal readonly record struct Part(string Text, bool IsKey);
}

/// <summary>
/// Collects the parts of an <see cref="OptionText"/>; the compiler calls it for an interpolated string. Not
/// thread-safe.
/// </summary>
[InterpolatedStringHandler]
public sealed class OptionTextHandler
{
    private readonly List<OptionText.Part> parts = [];

    /// <summary>Called by the compiler, with the number of characters and of values.</summary>
    public OptionTextHandler(int literalLength, int formattedCount) =>
        parts.Capacity = formattedCount + Math.Min(formattedCount + 1, literalLength);

    internal IReadOnlyList<OptionText.Part> Parts => parts;

    /// <summary>Appends text.</summary>
    public void AppendLiteral(string value) => parts.Add(new(value, IsKey: false));

    /// <summary>Appends the name of an option.</summary>
    public void AppendFormatted(OptionKey key) => parts.Add(new(key.Name, IsKey: true));

    /// <summary>Appends another message with its keys.</summary>
    public void AppendFormatted(OptionText text) => parts.AddRange(text.Parts);

    /// <summary>Appends a value, formatted independently of the culture.</summary>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, null);

    /// <summary>Appends a value in a format, independently of the culture.</summary>
    public void AppendFormatted<T>(T value, string? format) =>
        AppendLiteral(
            value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : $"{value}"
        );
}
