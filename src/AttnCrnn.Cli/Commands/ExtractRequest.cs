using System.CommandLine;
using AttnCrnn.Cli.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>An extraction on a cluster: arguments of extract, whose sources are on the cluster.</summary>
internal static class ExtractRequest
{
    private static readonly string[] ReservedOptions =
    [
        "--out",
        "--shard",
        "--shards",
        "--threads",
        "--format",
        "--quiet",
        "--config",
    ];

    /// <summary>Validates the arguments after the second <c>--</c>, or under "extract" in deploy.json.</summary>
    /// <exception cref="UsageException">They are not a valid command line of extract.</exception>
    public static string[] Check(string[] arguments)
    {
        if (arguments.Length == 0)
            return arguments;
        var extract = new ExtractCommand();
        var root = new RootCommand();
        root.Subcommands.Add(extract.Definition);
        OptionSpelling.CheckOptions(extract.Definition, arguments);
        var parseResult = root.Parse(["extract", .. arguments, "--out", "store"]);
        foreach (
            var option in extract.Definition.Options.Where(option =>
                ReservedOptions.Contains(option.Name)
                && option.Name != "--out"
                && parseResult.GetResult(option) is { Implicit: false }
            )
        )
            throw new UsageException($"extract: {option.Name} is set by deploy: omit it");
        OptionSpelling.RequireValid(parseResult, "extract: ");
        extract.CheckForRemote(parseResult);
        return arguments;
    }
}
