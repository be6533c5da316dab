namespace AttnCrnn;

/// <summary>The value of an option is invalid.</summary>
/// <param name="Key">The option, as in configuration files.</param>
/// <param name="Value">The value as text; empty if it is missing or cannot be shown.</param>
/// <param name="Problem">What was expected and what to do.</param>
public sealed record OptionError(OptionKey Key, string Value, OptionText Problem)
{
    /// <summary>Option, value and problem: <c>epochs 0: expected 1 to 100000</c>.</summary>
    public OptionText Text =>
        Value.Length == 0 ? OptionText.Create($"{Key}: {Problem}") : OptionText.Create($"{Key} {Value}: {Problem}");

    /// <inheritdoc/>
    public override string ToString() => Text.ToString();
}

/// <summary>Options are invalid. The message lists all errors.</summary>
public sealed class InvalidOptionsException : InvalidInputException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="errors">At least one.</param>
    public InvalidOptionsException(IReadOnlyList<OptionError> errors)
        : base(OptionText.Join("; ", errors.Select(error => error.Text))) => Errors = errors;

    /// <summary>All errors.</summary>
    public IReadOnlyList<OptionError> Errors { get; }

    /// <summary>Throws if there are errors.</summary>
    /// <exception cref="InvalidOptionsException">There are errors.</exception>
    public static void ThrowIfAny(IEnumerable<OptionError> errors)
    {
        OptionError[] list = [.. errors];
        if (list.Length > 0)
            throw new InvalidOptionsException(list);
    }
}
