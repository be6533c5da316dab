using System.CommandLine;
using AttnCrnn.Cli.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>What a cluster is to extract: words of extract, whose sources are there.</summary>
internal static class ExtractRequest
{
    private static readonly string[] Ours =
    [
        "--out",
        "--shard",
        "--shards",
        "--threads",
        "--format",
        "--quiet",
        "--config",
    ];

    /// <summary>What stands behind the second <c>--</c>, or under "extract" in deploy.json.</summary>
    /// <exception cref="UsageException">They are no command line of extract.</exception>
    public static string[] Check(string[] words)
    {
        if (words.Length == 0)
            return words;
        var extract = new ExtractCommand();
        var root = new RootCommand();
        root.Subcommands.Add(extract.Definition);
        OptionSpelling.CheckFlags(extract.Definition, words);
        var given = root.Parse(["extract", .. words, "--out", "store"]);
        foreach (
            var option in extract.Definition.Options.Where(option =>
                Ours.Contains(option.Name) && option.Name != "--out" && given.GetResult(option) is { Implicit: false }
            )
        )
            throw new UsageException($"extract: {option.Name} is the cluster's to say: leave it out");
        OptionSpelling.RequireKnown(given, "extract: ");
        extract.CheckElsewhere(given);
        return words;
    }
}
