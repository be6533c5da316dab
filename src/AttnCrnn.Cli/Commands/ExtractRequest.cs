using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>An extraction on a cluster: arguments of extract, whose sources are on the cluster.</summary>
internal static class ExtractRequest
{
    // deploy chooses them.
    private static readonly OptionKey[] ReservedKeys =
    [
        OptionKeys.Out,
        OptionKeys.Shard,
        OptionKeys.Shards,
        OptionKeys.Threads,
        OptionKeys.Format,
        CommandOptionKeys.Quiet,
        CommandOptionKeys.Config,
    ];

    /// <summary>Validates the arguments after the second <c>--</c>, or under "extract" in deploy.json.</summary>
    /// <param name="errors">Receives everything that is invalid in them.</param>
    public static void Check(string[] arguments, UsageErrors errors)
    {
        if (arguments.Length == 0)
            return;
        var extract = new ExtractCommand();
        var parsedArguments = extract.ParseArguments(arguments, "extract: ");
        var values = extract.ReadValues(parsedArguments);
        foreach (var key in ReservedKeys.Where(values.Contains))
            parsedArguments.Errors.Add($"extract: {OptionParser.FormatKey(key.Name)} is set by deploy: omit it");
        if (values.Contains(OptionKeys.Prune))
            parsedArguments.Errors.Add(
                $"extract: {OptionParser.FormatKey(OptionKeys.Prune.Name)} needs one process that writes to the store: "
                    + "run it there when the extraction has ended"
            );
        values.Set(OptionKeys.Out, ["store"]);
        var settings = extract.ParseAll(values, parsedArguments);
        foreach (var source in settings.Arguments.Where(source => !Path.IsPathRooted(source)))
            parsedArguments.Errors.Add($"extract: {source}: expected an absolute path on the other machine");
        errors.Add(parsedArguments.Errors);
        if (parsedArguments.Errors.IsEmpty)
            errors.Add(ExtractCommand.CreateOptions(settings).Errors());
    }
}
