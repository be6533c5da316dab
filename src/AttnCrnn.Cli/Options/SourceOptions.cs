using AttnCrnn.Corpora;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>Options of the commands that read recordings, folders and manifests: corpus and extract.</summary>
internal static class SourceOptions
{
    private static OptionType<LabelConflict> LabelConflicts { get; } =
        OptionTypes.Choice(("none", LabelConflict.Refuse), ("first", LabelConflict.KeepFirst));

    private static OptionType<LabelKind> LabelKinds { get; } =
        OptionTypes.Choice(
            ("default", LabelKind.Default),
            ("intended", LabelKind.Intended),
            ("perceived", LabelKind.Perceived)
        );

    /// <summary>The options of <see cref="CorpusReadOptions"/>.</summary>
    public static IEnumerable<OptionDefinition<TSettings>> Create<TSettings>(
        Func<TSettings, CorpusReadOptions> get,
        Func<TSettings, CorpusReadOptions, TSettings> set
    )
        where TSettings : new() =>
        [
            new OptionDefinition<TSettings, LabelConflict>(
                OptionKeys.Keep,
                LabelConflicts,
                settings => get(settings).LabelConflict,
                (settings, value) => set(settings, get(settings) with { LabelConflict = value })
            )
            {
                Group = OptionGroups.Data,
                ValueName = "WHICH",
                Help = "Use the first label of a clip that is listed with several, instead of refusing the sources.",
                Probe = new("first", OptionEffect.Outcome),
            },
            new OptionDefinition<TSettings, string?>(
                OptionKeys.Protocol,
                OptionTypes.Text,
                settings => get(settings).Protocol,
                (settings, value) => set(settings, get(settings) with { Protocol = value })
            )
            {
                Group = OptionGroups.Split,
                ValueName = "NAME",
                Help =
                    "Split known corpora by this protocol of theirs, as corpus --list prints them, or none for no "
                    + "split.",
                DefaultText = "the split that is published in a corpus' folders or tables, if there is one",
                Probe = new("audeering", OptionEffect.Contents),
            },
            new OptionDefinition<TSettings, LabelKind>(
                OptionKeys.LabelKind,
                LabelKinds,
                settings => get(settings).LabelKind,
                (settings, value) => set(settings, get(settings) with { LabelKind = value })
            )
            {
                Group = OptionGroups.Data,
                ValueName = "KIND",
                Help =
                    "Select the label in corpora that have the emotion that was acted, intended, and the one that most "
                    + "raters heard, perceived; default is intended for CREMA-D and perceived for MSP-IMPROV.",
                Probe = new("intended", OptionEffect.Contents),
            },
            .. CreateLocations(get, set),
        ];

    // Where readers find labels and speakers.
    private static IEnumerable<OptionDefinition<TSettings>> CreateLocations<TSettings>(
        Func<TSettings, CorpusReadOptions> get,
        Func<TSettings, CorpusReadOptions, TSettings> set
    )
        where TSettings : new() =>
        [
            new OptionDefinition<TSettings, string?>(
                OptionKeys.LabelsFrom,
                OptionTypes.Text,
                settings => get(settings).LabelsFrom,
                (settings, value) => set(settings, get(settings) with { LabelsFrom = value })
            )
            {
                Group = OptionGroups.Data,
                ValueName = "PATTERN",
                Help =
                    "Read labels from paths by a pattern such as {speaker}/{label}/*, a regular expression with a "
                    + "group label, or none.",
                DefaultText = "where the corpus or layout has them",
                Probe = new("{label}", OptionEffect.Contents),
            },
            new OptionDefinition<TSettings, string?>(
                OptionKeys.SpeakersFrom,
                OptionTypes.Text,
                settings => get(settings).SpeakersFrom,
                (settings, value) => set(settings, get(settings) with { SpeakersFrom = value })
            )
            {
                Group = OptionGroups.Data,
                ValueName = "PATTERN",
                Help =
                    "Read speakers from paths by a pattern such as {speaker}/{label}/*, a regular expression with a "
                    + "group speaker, or none.",
                DefaultText = "where the corpus or layout has them",
                Probe = new("{speaker}", OptionEffect.Contents),
            },
            new OptionDefinition<TSettings, IReadOnlyList<string>>(
                OptionKeys.Tables,
                OptionTypes.List,
                settings => get(settings).Tables,
                (settings, value) => set(settings, get(settings) with { Tables = value })
            )
            {
                Group = OptionGroups.Data,
                ValueName = "NAME,…",
                Help = "Read these tables of an audformat database.",
                DefaultText = "emotion, or the tables of its splits",
                Probe = new("segments", OptionEffect.Contents),
            },
        ];
}
