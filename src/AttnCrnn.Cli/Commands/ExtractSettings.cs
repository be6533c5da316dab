using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Features;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of extract.</summary>
internal sealed record ExtractSettings : CommandSettings
{
    /// <summary>Name of the encoder.</summary>
    public string Encoder { get; init; } = EncoderCatalog.Default;

    /// <summary>Layers of a speech encoder; empty for its default.</summary>
    public string Layers { get; init; } = "";

    /// <summary>Branch, tag or commit of the encoder's repository.</summary>
    public string? Revision { get; init; }

    /// <summary>Input of an encoder with a window of a fixed length; null for its default.</summary>
    public EncoderContext? Context { get; init; }

    /// <summary>Maximum length of a chunk; null for the default.</summary>
    public double? ChunkSeconds { get; init; }

    /// <summary>Arithmetic of a speech encoder.</summary>
    public SpeechPrecision Precision { get; init; }

    /// <summary>Whether the encoder runs on a GPU.</summary>
    public bool UseCuda { get; init; }

    /// <summary>Folder of the store.</summary>
    public string? Output { get; init; }

    /// <summary>Output format.</summary>
    public StoreFormat Format { get; init; }

    /// <summary>Type of the stored features.</summary>
    public StorePrecision StorePrecision { get; init; }

    /// <summary>The channel of recordings whose clips have none of their own.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Whether clips that the sources do not name are removed from the store.</summary>
    public bool Prune { get; init; }

    /// <summary>Part of the clips: I/N, or auto.</summary>
    public string Shard { get; init; } = "1/1";

    /// <summary>Number of shards, for a cluster that does not provide it.</summary>
    public int? Shards { get; init; }

    /// <summary>Threads and tolerance.</summary>
    public ExperimentOptions Experiment { get; init; } = new();

    private static OptionType<EncoderContext> Contexts { get; } =
        OptionTypes.Choice(("clip", EncoderContext.Clip), ("padded", EncoderContext.Padded));

    private static OptionType<SpeechPrecision> Precisions { get; } =
        OptionTypes.Choice(("float32", SpeechPrecision.Float32), ("int8", SpeechPrecision.Int8));

    private static OptionType<bool> Devices { get; } = OptionTypes.Choice(("cpu", false), ("cuda", true));

    private static OptionType<StoreFormat> Formats { get; } =
        OptionTypes.Choice(("store", StoreFormat.Store), ("npz", StoreFormat.Npz));

    private static OptionType<StorePrecision> StorePrecisions { get; } =
        OptionTypes.Choice(("float16", StorePrecision.Float16), ("float32", StorePrecision.Float32));

    /// <summary>What the user decides about the sources.</summary>
    public CorpusReadOptions Source { get; init; } = CorpusReadOptions.Default;

    /// <summary>The options of extract.</summary>
    public static IEnumerable<OptionDefinition<ExtractSettings>> Options =>
        [
            .. SourceOptions.Create<ExtractSettings>(
                settings => settings.Source,
                (settings, value) => settings with { Source = value }
            ),
            new OptionDefinition<ExtractSettings, string?>(
                OptionKeys.Encoder,
                OptionTypes.Text,
                settings => settings.Encoder,
                (settings, value) => settings with { Encoder = value! }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "NAME",
                Help = $"Select the encoder: {EncoderCatalog.Names}.",
                Probe = new("log-mel", OptionEffect.Contents),
            },
            new OptionDefinition<ExtractSettings, string?>(
                OptionKeys.Layers,
                OptionTypes.Text,
                settings => settings.Layers,
                (settings, value) => settings with { Layers = value! }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "LAYERS",
                Help =
                    "Select layers of a speech encoder: last, N, A-B (their mean) or all (for a learned weighted sum).",
                DefaultText = EncoderCatalog.DescribeDefaultLayers(),
                Probe = new("last", OptionEffect.Contents),
            },
            new OptionDefinition<ExtractSettings, string?>(
                OptionKeys.Revision,
                OptionTypes.Text,
                settings => settings.Revision,
                (settings, value) => settings with { Revision = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "REVISION",
                Help = "Use this branch, tag or commit of the encoder's repository.",
                Probe = new("missing", OptionEffect.Outcome) { Setup = ["encoder=owner/name"] },
            },
            new OptionDefinition<ExtractSettings, EncoderContext?>(
                OptionKeys.WhisperContext,
                OptionTypes.Optional(Contexts),
                settings => settings.Context,
                (settings, value) => settings with { Context = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "CONTEXT",
                Help =
                    $"Select the input of a {EncoderCatalog.DescribeContextFamilies()} encoder: clip, "
                    + "the clip at its own length, or padded, with "
                    + "zeros to 30 s as published (other features; ten times slower for a clip of 3.7 s).",
                DefaultText = "clip",
                Probe = new("padded", OptionEffect.Contents),
            },
            new OptionDefinition<ExtractSettings, double?>(
                OptionKeys.Chunk,
                OptionTypes.Optional(OptionTypes.Number),
                settings => settings.ChunkSeconds,
                (settings, value) => settings with { ChunkSeconds = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "SECONDS",
                Help = "Encode longer recordings in overlapping chunks of this length.",
                Range = OptionRange.Between(8, 120),
                Unit = "seconds",
                DefaultText =
                    $"{SpeechOptions.DefaultChunkSeconds}, the maximum for {EncoderCatalog.DescribeContextFamilies()}",
                Probe = new("8", OptionEffect.Contents),
            },
            new OptionDefinition<ExtractSettings, SpeechPrecision>(
                OptionKeys.Precision,
                Precisions,
                settings => settings.Precision,
                (settings, value) => settings with { Precision = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "TYPE",
                Help =
                    "Select the arithmetic of a speech encoder: float32, or int8, faster with an "
                    + "error of a few percent.",
                Probe = new("int8", OptionEffect.Contents),
            },
            new OptionDefinition<ExtractSettings, bool>(
                OptionKeys.Device,
                Devices,
                settings => settings.UseCuda,
                (settings, value) => settings with { UseCuda = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "DEVICE",
                Help =
                    "Select the device of a speech encoder: cpu, or cuda, which needs a build with "
                    + "ONNX Runtime's GPU package (docs/encoders.md).",
                Probe = new("cuda", OptionEffect.Outcome),
            },
            ExperimentOptions
                .Table[OptionKeys.MaxInvalidFraction]
                .Within<ExtractSettings>(
                    settings => settings.Experiment,
                    (settings, value) => settings with { Experiment = value },
                    new(Help: "Exit with 3 if more than this fraction of the clips is invalid.")
                ),
            SharedOptions.CreateThreads<ExtractSettings>(
                settings => settings.Experiment.Training.Threads,
                (settings, value) => settings with { Experiment = settings.Experiment.WithThreads(value) },
                "Set the number of clips that are encoded in parallel.",
                OptionGroups.Encoder
            ),
            new OptionDefinition<ExtractSettings, string?>(
                OptionKeys.Out,
                OptionTypes.Text,
                settings => settings.Output,
                (settings, value) => settings with { Output = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "DIR",
                Help = "Write the store to this folder.",
                Probe = new("another", OptionEffect.Files),
            },
            new OptionDefinition<ExtractSettings, StoreFormat>(
                OptionKeys.Format,
                Formats,
                settings => settings.Format,
                (settings, value) => settings with { Format = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "FORMAT",
                Help = "Select the output format: store, or npz, one file per clip as in the reference implementation.",
                Probe = new("npz", OptionEffect.Files),
            },
            new OptionDefinition<ExtractSettings, StorePrecision>(
                OptionKeys.StorePrecision,
                StorePrecisions,
                settings => settings.StorePrecision,
                (settings, value) => settings with { StorePrecision = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "TYPE",
                Help = "Select the type of the stored features.",
                Probe = new("float32", OptionEffect.Contents),
            },
            SharedOptions.CreateChannel<ExtractSettings>(
                settings => settings.Channel,
                (settings, value) => settings with { Channel = value }
            ),
            new OptionDefinition<ExtractSettings, bool>(
                OptionKeys.Prune,
                OptionTypes.Switch,
                settings => settings.Prune,
                (settings, value) => settings with { Prune = value }
            )
            {
                Group = OptionGroups.Output,
                Help =
                    "Remove clips that the sources do not name from the store and from the disk; name all sources of "
                    + "the store.",
                Probe = new("", OptionEffect.Outcome) { Setup = ["shard=1/2"] },
            },
            new OptionDefinition<ExtractSettings, string?>(
                OptionKeys.Shard,
                OptionTypes.Text,
                settings => settings.Shard,
                (settings, value) => settings with { Shard = value! }
            )
            {
                Group = OptionGroups.Data,
                ValueName = "I/N",
                Help =
                    "Extract shard I of N, I from 1: every Nth clip, starting at the Ith; auto: from "
                    + "the variables of Slurm or Kubernetes.",
                Probe = new("1/2", OptionEffect.Contents),
            },
            new OptionDefinition<ExtractSettings, int?>(
                OptionKeys.Shards,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                settings => settings.Shards,
                (settings, value) => settings with { Shards = value }
            )
            {
                Group = OptionGroups.Data,
                ValueName = "N",
                Help = "Set the number of shards for --shard auto on a cluster that does not provide it (Kubernetes).",
                Probe = new("2", OptionEffect.Contents) { Setup = ["shard=auto"] },
            },
        ];
}
