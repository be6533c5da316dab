using AttnCrnn.Options;
using AttnCrnn.Runs;
using AttnCrnn.Testing.Probes;

namespace AttnCrnn.Tests.Options;

/// <summary>Every option of a training changes what its probe names.</summary>
public sealed class TrainingProbeTests(ProbeTraining training) : IClassFixture<ProbeTraining>
{
    // The files that train writes are probed with the command, in CommandProbeTests.
    private static readonly OptionKey[] ProbedByCommand =
    [
        OptionKeys.WorkFolder,
        OptionKeys.Fold,
        OptionKeys.TrainOnly,
        OptionKeys.Repeat,
        OptionKeys.ExplainClips,
        OptionKeys.WithNames,
        OptionKeys.EmbedAudio,
    ];

    public static TheoryData<string> Keys { get; } =
    [.. RunConfiguration.Table.Options.Select(option => option.Key).Except(ProbedByCommand).Select(key => key.Name)];

    public static TheoryData<OptionEffect> Effects { get; } =
    [
        .. RunConfiguration
            .Table.Options.Where(option => !ProbedByCommand.Contains(option.Key))
            .Select(option => option.Probe!.Effect)
            .Distinct(),
    ];

    [Theory, MemberData(nameof(Keys))]
    public void An_option_has_its_effect(string key)
    {
        var option = RunConfiguration.Table.Find(key)!;
        Assert.True(HasEffect(option), $"{key} {option.Probe!.Value} does not change {option.Probe.Effect}");
    }

    /// <summary>Otherwise the observation depends on something else than the options.</summary>
    [Theory, MemberData(nameof(Effects))]
    public void Equal_options_have_equal_effects(OptionEffect effect) =>
        Assert.Equal(training.ObserveNew(training.Common, effect), training.ObserveNew(training.Common, effect));

    /// <summary>An option that sets nothing is found, with every kind of effect that an option can have.</summary>
    [Theory, MemberData(nameof(Effects))]
    public void An_option_that_is_ignored_is_found(OptionEffect effect)
    {
        var ignored = new OptionDefinition<RunConfiguration, int>(
            new("ignored"),
            OptionTypes.WholeNumber,
            _ => 0,
            (configuration, _) => configuration
        )
        {
            Help = "Do nothing.",
            Group = OptionGroups.Data,
            Probe = new("1", effect),
        };
        Assert.False(HasEffect(ignored));
    }

    private bool HasEffect(OptionDefinition option)
    {
        var (before, after) = ProbeValues.Create(option, training.Common, training.Folder);
        var effect = option.Probe!.Effect;
        return training.Observe(before, effect) != training.Observe(after, effect);
    }
}
