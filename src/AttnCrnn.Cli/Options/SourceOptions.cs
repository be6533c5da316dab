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

    // Of the commands that write what they read.
    private static readonly OptionKey[] Keys =
    [
        OptionKeys.Keep,
        OptionKeys.Protocol,
        OptionKeys.LabelKind,
        OptionKeys.LabelsFrom,
        OptionKeys.SpeakersFrom,
        OptionKeys.Tables,
    ];

    /// <summary>
    /// An error whose remedy is one of these options, also for a command that reads recordings without them: it takes
    /// the manifest that another one writes with them.
    /// </summary>
    /// <param name="command">null: unknown.</param>
    public static string FormatError(OptionText text, CliCommand? command)
    {
        HashSet<string> named = [];
        var message = text.Format(key =>
        {
            named.Add(key);
            return OptionParser.FormatKey(key);
        });
        var missing = Keys.Select(key => key.Name)
            .Where(key => named.Contains(key) && command?.Options.Any(option => option.Key.Name == key) == false)
            .Select(OptionParser.FormatKey)
            .ToList();
        return missing.Count == 0
            ? message
            : $"{message}. {string.Join(" and ", missing)} {(missing.Count == 1 ? "is an option" : "are options")} of "
                + $"corpus: write a manifest with corpus SOURCE {missing[0]} VALUE --out clips.csv, and pass it to "
                + $"{command!.Definition.Name} instead";
    }

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
