using System.CommandLine;

namespace AttnCrnn.Cli.Options;

/// <summary>A command line, split into options and arguments.</summary>
/// <param name="Parsed">Without unknown options.</param>
/// <param name="Errors">
/// What is invalid: unknown options and missing values, and what the readers of the options add, before they throw.
/// </param>
internal sealed record ParsedArguments(ParseResult Parsed, UsageErrors Errors);
