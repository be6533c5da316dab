using System.CommandLine;
using System.Globalization;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Features;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Options;

/// <summary>A command: its options and what it does.</summary>
internal abstract class CliCommand
{
    protected CliCommand(string name, string description)
    {
        Definition = new Command(name, description);
        Config = AddOption<string?>(
            "--config",
            "JSON file of option values; options of the command line take precedence.",
            null
        );
        Quiet = AddOption("--quiet", "Print results only, no progress.", false);
    }

    /// <summary>The command of System.CommandLine.</summary>
    public Command Definition { get; }

    public Option<string?> Config { get; }

    public Option<bool> Quiet { get; }

    /// <summary>The message at the first Ctrl-C.</summary>
    public virtual string InterruptMessage => "stopping… (press Ctrl-C again to stop immediately)";

    /// <returns>An <see cref="ExitCode"/>, or the exit code of a run on another machine.</returns>
    public abstract int Run(ParseResult optionResult, ConsoleOutput console, CancellationToken cancellationToken);

    /// <summary>An option with a value; <c>--batch_size</c> can be written <c>--batch-size</c>.</summary>
    protected Option<T> AddOption<T>(string name, string help, T defaultValue)
    {
        var option = new Option<T>(name)
        {
            Description = help,

            DefaultValueFactory = _ => defaultValue,
        };
        if (name.Contains('_', StringComparison.Ordinal))
            option.Aliases.Add(name.Replace('_', '-'));
        Definition.Options.Add(option);
        return option;
    }

    /// <summary>An option with one or more values; it may be repeated.</summary>
    protected Option<string[]> AddMultiValueOption(string name, string help)
    {
        var option = AddOption<string[]>(name, help, []);
        option.Arity = ArgumentArity.OneOrMore;
        option.AllowMultipleArgumentsPerToken = true;
        return option;
    }

    /// <summary>
    /// An option with values separated by commas; it may be repeated. A following argument is not a value of it.
    /// </summary>
    protected Option<string[]> AddListOption(string name, string help)
    {
        var option = AddMultiValueOption(name, help);
        option.AllowMultipleArgumentsPerToken = false;
        return option;
    }

    /// <summary>The number of threads, for commands whose options object does not validate it.</summary>
    protected Option<int> AddThreadsOption(string help)
    {
        var option = AddOption("--threads", help, Environment.ProcessorCount);
        option.Validators.Add(optionResult =>
        {
            if (
                optionResult.Tokens is not [{ Value: var text }]
                || !int.TryParse(text, CultureInfo.InvariantCulture, out var threads)
            )
                return; // reported by the parser
            foreach (var error in new TrainingOptions { Threads = threads }.Errors())
                optionResult.AddError(error);
        });
        return option;
    }

    /// <summary>The tolerated fraction of invalid clips.</summary>
    protected Option<double> AddMaxInvalidFractionOption() =>
        AddOption(
            "--max_bad",
            "Maximum fraction of invalid clips, from 0 to 1.",
            ExtractionOptions.DefaultMaxInvalidFraction
        );

    /// <summary>Whether predictions compute convolutions directly.</summary>
    protected Option<bool> AddExactConvolutionOption() =>
        AddOption(
            "--exact_convolution",
            "Compute convolutions directly instead of by Winograd's algorithm: slower, slightly closer to "
                + "Keras numerically.",
            false
        );

    /// <summary>The options that merge and drop classes.</summary>
    protected LabelRuleOptions AddLabelRuleOptions() =>
        new(
            AddListOption("--map", "Merge classes: FROM=TO,…"),
            AddListOption("--drop", "Drop classes: LABEL,…"),
            AddOption<string?>("--preset", "Class preset: six, the six classes of the reference implementation.", null)
        );

    /// <summary>The option with the labels of a model's outputs.</summary>
    protected OutputLabelOptions AddOutputLabelOption() =>
        new(
            AddListOption(
                "--labels",
                "Labels of the model's outputs in order (A,B,…), for .keras files without them, as saved by Keras."
            )
        );

    /// <summary>The options that select the machine and the session.</summary>
    protected RemoteOptions AddRemoteOptions() =>
        new(
            AddOption<string?>(
                "--to",
                "Where to run: ssh (the default); local, on this machine; "
                    + "or slurm, on the cluster of --host or of this machine.",
                null
            ),
            AddOption<string?>("--host", "Host: HOST, USER@HOST, or a name from ~/.ssh/config.", null),
            AddOption<int?>("--port", "Port of ssh, from 1 to 65535; by default as configured for ssh.", null),
            AddOption<string?>("--key", "Private key file; by default from ssh's configuration or agent.", null),
            AddOption<string?>(
                "--dir",
                "Working folder on the machine, absolute or relative to the home folder; "
                    + $"by default {RemoteFolder.Default}.",
                null
            ),
            AddOption<string?>("--name", $"Name of the session; by default {SessionName.Default}.", null)
        );

    /// <summary>The positional arguments.</summary>
    protected Argument<string[]> AddArguments(string name, string help, bool required = true)
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
