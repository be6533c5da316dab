namespace AttnCrnn.Options;

/// <summary>What an option changes, which a test of every option observes.</summary>
public enum OptionEffect
{
    /// <summary>The weights of the trained model.</summary>
    Weights,

    /// <summary>The clips of the training, validation and test sets, or their classes.</summary>
    Clips,

    /// <summary>The names of the files that are written, or their folder.</summary>
    Files,

    /// <summary>The contents of a file that is written.</summary>
    Contents,

    /// <summary>What the command prints.</summary>
    Output,

    /// <summary>The outcome: a refusal, or the exit code.</summary>
    Outcome,

    /// <summary>The recorded environment: results do not depend on the option.</summary>
    Environment,

    /// <summary>Nothing but the time, which no test observes.</summary>
    None,
}

/// <summary>A value of an option and what it changes; a test of every option tries it.</summary>
/// <param name="Value">The value as text; empty for a switch.</param>
/// <param name="Effect">What differs from the same command without the option.</param>
public sealed record OptionProbe(string Value, OptionEffect Effect)
{
    /// <summary>
    /// Other options that both compared commands have, so that the option has its effect, as <c>key=value</c>.
    /// </summary>
    public IReadOnlyList<string> Setup { get; init; } = [];
}
