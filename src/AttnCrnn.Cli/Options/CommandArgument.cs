namespace AttnCrnn.Cli.Options;

/// <summary>The positional arguments of a command.</summary>
/// <param name="Name">Placeholder in the help.</param>
/// <param name="Help">What they are.</param>
/// <param name="IsRequired">Whether at least one is required.</param>
internal sealed record CommandArgument(string Name, string Help, bool IsRequired = true);
