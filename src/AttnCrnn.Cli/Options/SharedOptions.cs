using AttnCrnn.Audio;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Options;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    // The options of predict are not taken from the tables of training: to create those takes a twentieth of its time.

    /// <summary>The number of threads.</summary>
    public static OptionDefinition<TSettings> CreateThreads<TSettings>(
        Func<TSettings, int> get,
        Func<TSettings, int, TSettings> set,
        string help = "Set the number of threads; results do not depend on it.",
        string group = OptionGroups.Evaluation
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, int>(OptionKeys.Threads, OptionTypes.WholeNumber, get, set)
        {
            Group = group,
            ValueName = "N",
            Help = help,
            Range = OptionRange.Threads,
            Unit = "threads",
            DefaultText = "the number of processors",
            Probe = new("1", OptionEffect.None),
        };

    /// <summary>The channel of recordings.</summary>
    public static OptionDefinition<TSettings> CreateChannel<TSettings>(
        Func<TSettings, AudioChannel> get,
        Func<TSettings, AudioChannel, TSettings> set
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, AudioChannel>(OptionKeys.Channel, new ChannelOptionType(), get, set)
        {
            Group = OptionGroups.Data,
            ValueName = "CHANNEL",
            Help =
                "Read this channel of recordings, unless a manifest names one: mix, the mean of all; 1, 2 and so "
                + "on; or loudest, for which recordings of several channels are decoded twice.",
            Probe = new("2", OptionEffect.Outcome),
        };

    /// <summary>Whether predictions compute convolutions directly.</summary>
    public static OptionDefinition<TSettings> CreateExactConvolution<TSettings>(
        Func<TSettings, bool> get,
        Func<TSettings, bool, TSettings> set
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, bool>(OptionKeys.ExactConvolution, OptionTypes.Switch, get, set)
        {
            Group = OptionGroups.Evaluation,
            Help =
                "Compute convolutions directly instead of by Winograd's algorithm: slower, slightly closer to "
                + "Keras numerically.",
            Probe = new("", OptionEffect.Output) { Setup = ["json=true"] },
        };

    /// <summary>The folder of the runs.</summary>
    public static OptionDefinition<TSettings> CreateWorkFolder<TSettings>(
        Func<TSettings, string> get,
        Func<TSettings, string, TSettings> set,
        string help
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, string?>(OptionKeys.WorkFolder, OptionTypes.Text, get, (settings, value) =>
            set(settings, value!)
        )
        {
            Group = OptionGroups.Data,
            ValueName = "DIR",
            IsPath = true,
            Help = help,
            Probe = new("elsewhere", OptionEffect.Outcome),
        };

    /// <summary>The labels of a model's outputs, for archives saved by Keras.</summary>
    public static OptionDefinition<TSettings> CreateOutputLabels<TSettings>(
        Func<TSettings, IReadOnlyList<string>> get,
        Func<TSettings, IReadOnlyList<string>, TSettings> set
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, IReadOnlyList<string>>(OptionKeys.Labels, OptionTypes.List, get, set)
        {
            Group = OptionGroups.Data,
            ValueName = "A,B,…",
            Help = "Name the outputs of the model in order, for .keras files without labels, as saved by Keras.",
            Probe = new("a,b", OptionEffect.Outcome),
        };

    /// <summary>Whether the results are printed as JSON.</summary>
    public static OptionDefinition<TSettings> CreateJson<TSettings>(
        Func<TSettings, bool> get,
        Func<TSettings, bool, TSettings> set,
        string help
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, bool>(CommandOptionKeys.Json, OptionTypes.Switch, get, set)
        {
            Group = OptionGroups.Output,
            Help = help,
            Probe = new("", OptionEffect.Output),
        };

    /// <summary>The file of a page.</summary>
    /// <param name="content">What it shows, as in <c>the comparison</c>.</param>
    public static OptionDefinition<TSettings> CreatePage<TSettings>(
        Func<TSettings, string?> get,
        Func<TSettings, string?, TSettings> set,
        string content
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, string?>(OptionKeys.Out, OptionTypes.Text, get, set)
        {
            Group = OptionGroups.Output,
            ValueName = "FILE",
            Help = $"Write a page with {content}, which needs no network, to this .html file.",
            Probe = new("other.html", OptionEffect.Files),
        };

    /// <summary>The seed of confidence intervals.</summary>
    public static OptionDefinition<TSettings> CreateBootstrapSeed<TSettings>(
        Func<TSettings, ExperimentOptions> get,
        Func<TSettings, ExperimentOptions, TSettings> set
    ) =>
        ExperimentOptions
            .Table[OptionKeys.Seed]
            .Within(
                get,
                set,
                new(
                    OptionGroups.Evaluation,
                    "Set the random seed of the confidence intervals.",
                    new("1", OptionEffect.Output) { Setup = ["json=true"] }
                )
            );

    /// <summary>Options of an experiment: those of the given keys.</summary>
    public static IEnumerable<OptionDefinition<TSettings>> CreateExperimentOptions<TSettings>(
        Func<TSettings, ExperimentOptions> get,
        Func<TSettings, ExperimentOptions, TSettings> set,
        params OptionKey[] keys
    ) => keys.Select(key => ExperimentOptions.Table[key].Within(get, set));

    /// <summary>Revision of a published classifier.</summary>
    public static OptionDefinition<TSettings> CreateRevision<TSettings>(
        Func<TSettings, string?> get,
        Func<TSettings, string?, TSettings> set
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, string?>(OptionKeys.Revision, OptionTypes.Text, get, set)
        {
            Group = OptionGroups.Encoder,
            ValueName = "REVISION",
            Help = "Use this branch, tag or commit of the repository of a published classifier.",
            Probe = new("missing", OptionEffect.Outcome),
        };

    /// <summary>Whether the labels of a published classifier remain as published.</summary>
    public static OptionDefinition<TSettings> CreateRawLabels<TSettings>(
        Func<TSettings, bool> get,
        Func<TSettings, bool, TSettings> set,
        OptionProbe probe
    )
        where TSettings : new() =>
        new OptionDefinition<TSettings, bool>(OptionKeys.RawLabels, OptionTypes.Switch, get, set)
        {
            Group = OptionGroups.Output,
            Help =
                "Use the labels of a published classifier as published, instead of in English and without "
                + "abbreviations.",
            Probe = probe,
        };
}
