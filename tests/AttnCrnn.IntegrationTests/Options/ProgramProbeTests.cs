using AttnCrnn.Cli.Options;
using AttnCrnn.Options;

namespace AttnCrnn.IntegrationTests.Options;

/// <summary>Every option of the commands that start programs, or take seconds, changes what its probe names.</summary>
[Requires("unix", "sshd")]
public sealed class ProgramProbeTests(ProgramProbes probes) : IClassFixture<ProgramProbes>
{
    private static readonly string[] Commands = ["demo", "doctor", "deploy", "monitor", "fetch", "stop"];

    // Options whose effect other tests show, and the reason.
    private static readonly Dictionary<string, string> Exempt = new()
    {
        ["doctor quiet"] = "doctor prints results and no messages",
        ["fetch config"] = "its options select the run, whose others are refused: ConfigurationFileTests",
        ["fetch quiet"] = "fetch prints results and no messages",
        ["monitor name"] = "a run that has ended is found by its folder; of one that runs: GoldenDeploymentTests",
        ["fetch name"] = "a run that has ended is found by its folder; stop's probe shows the same option",
        ["deploy attach"] = "a terminal is attached: AttachTests",
        ["deploy grace"] = "only a run that does not end is killed after it: StoppedRunTests, and stop's own option",
        ["stop grace"] = "only a running run is waited for: StoppedRunTests",
    };

    public static TheoryData<string, string> Cases { get; } = CreateCases();

    [Theory, MemberData(nameof(Cases))]
    public void An_option_has_its_effect(string command, string key)
    {
        var option = CommandList.Create(command)!.Options.Single(option => option.Key.Name == key);
        var probed = probes.Find(command);
        Assert.True(probed.HasEffect(option), probed.Describe(option));
    }

    /// <summary>Otherwise the observation depends on something else than the options.</summary>
    [Theory]
    [InlineData("demo", OptionEffect.Weights)]
    [InlineData("deploy", OptionEffect.Outcome, OptionEffect.Output)]
    [InlineData("monitor", OptionEffect.Outcome)]
    [InlineData("fetch", OptionEffect.Outcome)]
    [InlineData("stop", OptionEffect.Outcome, OptionEffect.Output)]
    public void Equal_commands_have_equal_effects(string command, params OptionEffect[] effects) =>
        Assert.All(effects, effect =>
        {
            var (first, second) = probes.Find(command).Repeat(effect);
            Assert.Equal(first, second);
        });

    /// <summary>Likewise, for the commands of deploy that show how a run is started.</summary>
    [Theory]
    [InlineData("fetch_within")]
    [InlineData("sbatch")]
    [InlineData("shards")]
    public void Equal_deployments_have_equal_effects(string key)
    {
        var option = CommandList.Create("deploy")!.Options.Single(option => option.Key.Name == key);
        var (first, second) = probes.Find("deploy").Repeat(option);
        Assert.Equal(first, second);
        Assert.StartsWith("0\n", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Exemptions_are_options() =>
        Assert.All(Exempt.Keys, entry =>
            Assert.Contains(CommandList.Create(entry.Split(' ')[0])!.Options, option =>
                option.Key.Name == entry.Split(' ')[1]
            )
        );

    private static TheoryData<string, string> CreateCases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var command in Commands)
        foreach (var option in CommandList.Create(command)!.Options)
            if (!Exempt.ContainsKey($"{command} {option.Key}"))
                cases.Add(command, option.Key.Name);
        return cases;
    }
}
