using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// A command for remote runs: options override the environment variables ATTN_CRNN_…, which override deploy.json in
/// the working folder.
/// </summary>
internal abstract class RemoteCommand<TSettings> : OptionCommand<TSettings>
    where TSettings : RemoteSettings, new()
{
    private OptionValues commandLine = new();
    private DeploySettings file = DeploySettings.Empty;

    protected RemoteCommand(
        string name,
        string description,
        IEnumerable<OptionDefinition<TSettings>> options,
        CommandArgument? argument = null
    )
        : base(name, description, [.. RemoteSettings.CreateSelectionOptions<TSettings>(), .. options], argument) { }

    public override OptionValues ReadValues(ParsedArguments parsedArguments)
    {
        commandLine = base.ReadValues(parsedArguments);
        file = DeploySettings.Read(Environment.CurrentDirectory, parsedArguments.Errors);
        return commandLine.WithFallback(file.GetValues(Table.Options));
    }

    protected override TSettings Parse(OptionValues values, List<OptionError> errors) =>
        (TSettings)(
            (RemoteSettings)base.Parse(values, errors) with
            {
                CommandLine = commandLine,

                File = file,
            }
        );
}
