using System.CommandLine;
using System.Globalization;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Options;

/// <summary>One command: its flags, and what it does with them.</summary>
internal abstract class CliCommand
{
    protected CliCommand(string name, string description)
    {
        Definition = new Command(name, description);
        Config = Flag<string?>(
            "--config",
            "FILE.json: flags by their names without dashes; the command line wins",
            null
        );
        Quiet = Flag("--quiet", "results alone, no progress", false);
    }

    /// <summary>As System.CommandLine has it.</summary>
    public Command Definition { get; }

    public Option<string?> Config { get; }

    public Option<bool> Quiet { get; }

    /// <summary>What is said at the first Ctrl-C.</summary>
    public virtual string WhenInterrupted => "stopping… (once more: at once)";

    /// <returns>An <see cref="ExitCode"/>, or that of a run elsewhere.</returns>
    public abstract int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken);

    /// <summary>A flag with a value; <c>--batch_size</c> can be written <c>--batch-size</c>.</summary>
    protected Option<T> Flag<T>(string name, string help, T byDefault)
    {
        var option = new Option<T>(name) { Description = help, DefaultValueFactory = _ => byDefault };
        if (name.Contains('_', StringComparison.Ordinal))
            option.Aliases.Add(name.Replace('_', '-'));
        Definition.Options.Add(option);
        return option;
    }

    /// <summary>A flag with one or more values, which may be given several times.</summary>
    protected Option<string[]> Flags(string name, string help)
    {
        var option = Flag<string[]>(name, help, []);
        option.Arity = ArgumentArity.OneOrMore;
        option.AllowMultipleArgumentsPerToken = true;
        return option;
    }

    /// <summary>A flag with values between commas, which may be given several times; what stands behind it after a space may be a recording.</summary>
    protected Option<string[]> Listed(string name, string help)
    {
        var option = Flags(name, help);
        option.AllowMultipleArgumentsPerToken = false;
        return option;
    }

    /// <summary>The flag that says how many threads, for commands whose options do not see to it that there is one.</summary>
    protected Option<int> Threads(string help)
    {
        var option = Flag("--threads", help, Environment.ProcessorCount);
        option.Validators.Add(given =>
        {
            if (
                given.Tokens is not [{ Value: var text }]
                || !int.TryParse(text, CultureInfo.InvariantCulture, out var threads)
            )
                return; // which the parser says itself
            foreach (var error in new TrainingOptions { Threads = threads }.Errors())
                given.AddError(error);
        });
        return option;
    }

    /// <summary>The flags that merge and leave out classes.</summary>
    protected LabelFlags LabelFlags() =>
        new(
            Listed("--map", "FROM=TO,…: merges classes into others"),
            Listed("--drop", "LABEL,…: leaves classes out"),
            Flag<string?>("--preset", "six: the six classes of the original recipe", null)
        );

    /// <summary>The flag that names a model's outputs.</summary>
    protected OutputFlags OutputFlags() =>
        new(
            Listed(
                "--labels",
                "A,B,…: the labels of the model's outputs in their order, for a .keras file that does not say them: Keras leaves them out when it saves"
            )
        );

    /// <summary>The flags that say which machine and which session.</summary>
    protected RemoteFlags RemoteFlags() =>
        new(
            Flag<string?>(
                "--to",
                "ssh (the default), local: this machine, or slurm: the cluster of --host, or of this machine",
                null
            ),
            Flag<string?>("--host", "HOST, USER@HOST, or a name from ~/.ssh/config", null),
            Flag<int?>("--port", "of ssh, where its configuration does not say", null),
            Flag<string?>("--key", "FILE: a private key, where ssh's configuration and agent have none", null),
            Flag<string?>(
                "--dir",
                $"the folder there, in the home folder or absolute; by default {RemoteFolder.Default}",
                null
            ),
            Flag<string?>("--name", $"the session's; by default {SessionName.Default}", null)
        );

    /// <summary>What stands without a flag.</summary>
    protected Argument<string[]> Arguments(string name, string help, bool required = true)
    {
        var argument = new Argument<string[]>(name)
        {
            Description = help,
            Arity = required ? ArgumentArity.OneOrMore : ArgumentArity.ZeroOrMore,
        };
        Definition.Arguments.Add(argument);
        return argument;
    }
}
