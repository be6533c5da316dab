using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Options;

/// <summary>Every option of the commands that need no other program changes what its probe names.</summary>
public sealed class CommandProbeTests(CommandProbes probes) : IClassFixture<CommandProbes>
{
    /// <summary>The commands that AttnCrnn.IntegrationTests probes: they start programs or take seconds.</summary>
    internal static readonly string[] ProbedAsProgram = ["deploy", "monitor", "fetch", "stop", "demo", "doctor"];

    // completion and reference have only the options of all commands, and print a result and no messages.
    private static readonly string[] WithoutEffects = ["completion", "reference"];

    // TrainingProbeTests observes the other options of train in the library.
    private static readonly OptionKey[] KeysOfTrain =
    [
        OptionKeys.WorkFolder,
        OptionKeys.Fold,
        OptionKeys.TrainOnly,
        OptionKeys.Repeat,
        OptionKeys.ExplainClips,
        OptionKeys.WithNames,
        OptionKeys.EmbedAudio,
        OptionKeys.Resume,
        CommandOptionKeys.Config,
        CommandOptionKeys.Quiet,
    ];

    public static TheoryData<string, string> Cases { get; } = CreateCases();

    [Fact]
    public void Commands_without_probes_have_only_the_options_of_all_commands() =>
        Assert.All(WithoutEffects, name =>
            Assert.Equal(
                ["config", "quiet"],
                CommandList.Create(name)!.Options.Select(option => option.Key.Name).Order()
            )
        );

    [Fact]
    public void Every_option_of_train_is_probed() =>
        Assert.Empty(
            CommandList
                .Create("train")!
                .Options.Select(option => option.Key)
                .Except(KeysOfTrain)
                .Except(RunConfiguration.Table.Options.Select(option => option.Key))
        );

    [Theory, MemberData(nameof(Cases))]
    public void An_option_has_its_effect(string command, string key)
    {
        var option = CommandList.Create(command)!.Options.Single(option => option.Key.Name == key);
        var probed = probes.Find(command);
        Assert.True(probed.HasEffect(option), probed.Describe(option));
    }

    /// <summary>Otherwise the observation depends on something else than the options.</summary>
    [Theory]
    [InlineData("corpus", OptionEffect.Clips, OptionEffect.Outcome, OptionEffect.Files, OptionEffect.Output)]
    [InlineData("extract", OptionEffect.Contents, OptionEffect.Outcome, OptionEffect.Files, OptionEffect.Output)]
    [InlineData("train", OptionEffect.Files, OptionEffect.Outcome)]
    [InlineData("evaluate", OptionEffect.Clips, OptionEffect.Outcome, OptionEffect.Output)]
    [InlineData("predict", OptionEffect.Output, OptionEffect.Outcome, OptionEffect.Files)]
    [InlineData("export", OptionEffect.Files, OptionEffect.Outcome, OptionEffect.Output)]
    public void Equal_commands_have_equal_effects(string command, params OptionEffect[] effects) =>
        Assert.All(effects, effect =>
        {
            var (first, second) = probes.Find(command).Repeat(effect);
            Assert.Equal(first, second);
        });

    private static TheoryData<string, string> CreateCases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var command in CommandList.CreateAll())
        {
            var name = command.Definition.Name;
            if (WithoutEffects.Concat(ProbedAsProgram).Contains(name))
                continue;
            foreach (var option in command.Options)
                if (
                    option.Probe is not { Effect: OptionEffect.None }
                    && (name != "train" || KeysOfTrain.Contains(option.Key))
                )
                    cases.Add(name, option.Key.Name);
        }
        return cases;
    }
}
