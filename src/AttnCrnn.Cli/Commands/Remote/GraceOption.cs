using AttnCrnn.Deployment;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>The time that a run has to end.</summary>
internal static class GraceOption
{
    public const double DefaultSeconds = 60;

    public static OptionDefinition<TSettings> Create<TSettings>(
        string help,
        Func<TSettings, double> get,
        Func<TSettings, double, TSettings> set
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, double>(RemoteOptionKeys.Grace, OptionTypes.Number, get, set)
        {
            Group = OptionGroups.Machine,
            ValueName = "SECONDS",
            Range = OptionRange.Between(0, 86400),
            Unit = "seconds",
            Help = help,
            Probe = new("0", OptionEffect.Output),
        };
}
