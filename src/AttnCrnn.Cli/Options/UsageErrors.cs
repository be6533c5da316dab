using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Everything that is invalid in a command line, in the files that it names, and in a command line within it, to report
/// it at once.
/// </summary>
internal sealed class UsageErrors
{
    private readonly List<string> messages = [];
    private readonly HashSet<string> commands = []; // whose command lines have errors; empty: the command itself

    /// <summary>Whether nothing is invalid.</summary>
    public bool IsEmpty => messages.Count == 0;

    /// <summary>Adds an error, unless it is contained.</summary>
    public void Add(string message) => Add(message, "");

    /// <summary>Adds the errors of a command line within this one.</summary>
    /// <param name="command">Its command, whose help describes its options; empty: the command itself.</param>
    public void Add(UsageErrors errors, string command = "")
    {
        foreach (var message in errors.messages)
            Add(message, command);
    }

    /// <summary>Adds the errors of values.</summary>
    /// <param name="values">The options, for where they come from; null: the command line.</param>
    public void Add(IEnumerable<OptionError> errors, OptionValues? values = null)
    {
        foreach (var error in errors)
            Add(Format(error, values));
    }

    /// <exception cref="UsageException">There are errors; the message lists them all.</exception>
    public void ThrowIfAny()
    {
        if (!IsEmpty)
            throw new UsageException(string.Join("; ", messages))
            {
                Command = commands.Count == 1 && commands.Single() is { Length: > 0 } command ? command : null,
            };
    }

    private void Add(string message, string command)
    {
        commands.Add(command);
        if (!messages.Contains(message))
            messages.Add(message);
    }

    // A file or a variable has keys, the command line has options.
    private static string Format(OptionError error, OptionValues? values) =>
        values?.FindSource(error.Key) is { } source
            ? $"{source}: {error.Text}"
            : error.Text.Format(OptionParser.FormatKey);
}
