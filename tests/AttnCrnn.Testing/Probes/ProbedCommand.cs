using AttnCrnn.Options;

namespace AttnCrnn.Testing.Probes;

/// <summary>Runs a command without and with an option, and compares what the option's probe names.</summary>
/// <param name="inputs">Its folder.</param>
/// <param name="run">Runs the program with arguments in the folder of the inputs.</param>
internal sealed class ProbedCommand(ProbeInputs inputs, Func<string[], (int Code, string Output, string Error)> run)
{
    private readonly Dictionary<string, string> observations = [];

    /// <summary>Name of the command.</summary>
    public required string Name { get; init; }

    /// <summary>Positional arguments, before the options.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Arguments after the options.</summary>
    public IReadOnlyList<string> LastArguments { get; init; } = [];

    /// <summary>
    /// Positional arguments of one probe instead of the common ones: by the key of the probed option.
    /// </summary>
    public IReadOnlyDictionary<string, string[]> OtherArguments { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Last arguments of one probe instead of the common ones: by the key of the probed option.</summary>
    public IReadOnlyDictionary<string, string[]> OtherLastArguments { get; init; } = new Dictionary<string, string[]>();

    /// <summary>The options that all commands have.</summary>
    public IReadOnlyDictionary<string, string> Common { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Options of both commands of one probe, in addition to the common ones: by the key of the probed option.
    /// </summary>
    public IReadOnlyDictionary<string, string[]> Setups { get; init; } = new Dictionary<string, string[]>();

    /// <summary>Contents of the file that the probe of <c>config</c> names.</summary>
    public string Config { get; init; } = """{"quiet": true}""";

    /// <summary>
    /// Whether the option changes what its probe names, and is not refused unless that is its effect.
    /// </summary>
    public bool HasEffect(OptionDefinition option)
    {
        var (before, after) = CreateOptions(option);
        var effect = option.Probe!.Effect;
        var (first, second) = (Observe(option, before, effect), Observe(option, after, effect));
        return first != second
            && (effect == OptionEffect.Outcome || GetCode(second) == "0" || GetCode(second) == GetCode(first));

        static string GetCode(string observation) => observation.Split('\n')[0];
    }

    /// <summary>What is observed of two equal commands.</summary>
    public (string First, string Second) Repeat(OptionEffect effect) =>
        (ObserveNew(CreateLine(null, Common), effect), ObserveNew(CreateLine(null, Common), effect));

    /// <summary>What is observed of two commands with the probed option.</summary>
    public (string First, string Second) Repeat(OptionDefinition option)
    {
        var line = CreateLine(option, CreateOptions(option).After);
        return (ObserveNew(line, option.Probe!.Effect), ObserveNew(line, option.Probe.Effect));
    }

    /// <summary>What the commands of a probe have as their observation, for a message.</summary>
    public string Describe(OptionDefinition option)
    {
        var after = CreateOptions(option).After;
        var effect = option.Probe!.Effect;
        return $"--{option.Key} {option.Probe.Value} of {Name} does not change its {effect}: "
            + $"{string.Join(' ', CreateLine(option, after))}\n{Observe(option, after, effect)}";
    }

    private (Dictionary<string, string> Before, Dictionary<string, string> After) CreateOptions(OptionDefinition option)
    {
        var common = new Dictionary<string, string>(Common);
        foreach (var assignment in Setups.GetValueOrDefault(option.Key.Name) ?? [])
            common[assignment.Split('=', 2)[0]] = assignment.Split('=', 2)[1];
        return ProbeValues.Create(option, common, inputs.Folder);
    }

    private string[] CreateLine(OptionDefinition? option, IReadOnlyDictionary<string, string> options)
    {
        var key = option?.Key.Name ?? "";
        return
        [
            Name,
            .. OtherArguments.GetValueOrDefault(key) ?? Arguments,
            .. ProbeValues.FormatArguments(options),
            .. OtherLastArguments.GetValueOrDefault(key) ?? LastArguments,
        ];
    }

    private string Observe(OptionDefinition option, IReadOnlyDictionary<string, string> options, OptionEffect effect)
    {
        var line = CreateLine(option, options);
        var key = $"{effect} {string.Join(' ', line)}";
        if (!observations.TryGetValue(key, out var observation))
            observations[key] = observation = ObserveNew(line, effect);
        return observation;
    }

    private string ObserveNew(string[] line, OptionEffect effect)
    {
        inputs.Restore();
        File.WriteAllText(inputs.PathOf("config.json"), Config);
        var (code, output, error) = run(line);
        return new ProbeResult(inputs.Folder, code, output, error).Observe(effect);
    }
}
