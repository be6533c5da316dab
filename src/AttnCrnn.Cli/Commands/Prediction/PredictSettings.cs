using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Options;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>The settings of predict.</summary>
internal sealed record PredictSettings : CommandSettings
{
    /// <summary>Folder of the runs.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>The encoder, or its folder if it has moved; null: as the model records.</summary>
    public string? Encoder { get; init; }

    /// <summary>Layers of the encoder, for a model that does not record it.</summary>
    public string? Layers { get; init; }

    /// <summary>Branch, tag or commit of a published classifier's repository; null: main.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether labels of a published classifier remain as published.</summary>
    public bool RawLabels { get; init; }

    /// <summary>Speaker of the inputs for which no manifest has one.</summary>
    public string? Speaker { get; init; }

    /// <summary>Labels of the model's outputs, for archives without them.</summary>
    public IReadOnlyList<string> OutputLabels { get; init; } = [];

    /// <summary>The channel of recordings for which no manifest has one.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Length of a window; null for whole recordings.</summary>
    public double? WindowSeconds { get; init; }

    /// <summary>Distance of the windows; null for their length.</summary>
    public double? HopSeconds { get; init; }

    /// <summary>Whether each stretch of speech is predicted.</summary>
    public bool Segments { get; init; }

    /// <summary>Whether speech is not looked for.</summary>
    public bool NoVad { get; init; }

    /// <summary>Below this probability there is no label.</summary>
    public double Abstain { get; init; }

    /// <summary>Folder of the plots that explain the predictions; null: they are not explained.</summary>
    public string? ExplanationFolder { get; init; }

    /// <summary>Whether JSON is printed.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a CSV table is printed.</summary>
    public bool Csv { get; init; }

    /// <summary>File of the predictions; null for standard output.</summary>
    public string? Output { get; init; }

    /// <summary>Number of threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether convolutions are computed directly.</summary>
    public bool ExactConvolution { get; init; }

    /// <summary>The options of predict.</summary>
    public static IEnumerable<OptionDefinition<PredictSettings>> Options =>
        [
            SharedOptions.CreateWorkFolder<PredictSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "Look for the run in this folder."
            ),
            new OptionDefinition<PredictSettings, string?>(
                OptionKeys.Encoder,
                OptionTypes.Text,
                settings => settings.Encoder,
                (settings, value) => settings with { Encoder = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "NAME|DIR",
                Help =
                    "Use the model's encoder from this folder, if it has moved since training; or "
                    + "this encoder, for a model without encoder metadata.",
                Probe = new("whisper", OptionEffect.Output),
            },
            new OptionDefinition<PredictSettings, string?>(
                OptionKeys.Layers,
                OptionTypes.Text,
                settings => settings.Layers,
                (settings, value) => settings with { Layers = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "LAYERS",
                Help = "Select layers of --encoder, as for extract, for a model without encoder metadata.",
                Probe = new("2", OptionEffect.Output) { Setup = ["encoder=whisper", "json=true"] },
            },
            SharedOptions.CreateRevision<PredictSettings>(
                settings => settings.Revision,
                (settings, value) => settings with { Revision = value }
            ),
            SharedOptions.CreateRawLabels<PredictSettings>(
                settings => settings.RawLabels,
                (settings, value) => settings with { RawLabels = value },
                new("", OptionEffect.Output) { Setup = ["json=true"] }
            ),
            SharedOptions.CreateOutputLabels<PredictSettings>(
                settings => settings.OutputLabels,
                (settings, value) => settings with { OutputLabels = value }
            ),
            new OptionDefinition<PredictSettings, string?>(
                CommandOptionKeys.Speaker,
                OptionTypes.Text,
                settings => settings.Speaker,
                (settings, value) => settings with { Speaker = value }
            )
            {
                Group = OptionGroups.Data,
                ValueName = "NAME",
                Help =
                    "Name the speaker of all inputs for which no manifest has one, for models trained "
                    + "with --normalize speaker; requires "
                    + $"{SpeakerStatistics.MinClips} recordings or windows and "
                    + $"{SpeakerStatistics.MinFrames} frames, otherwise the "
                    + "training corpus' statistics are used.",
                Probe = new("a", OptionEffect.Outcome),
            },
            new OptionDefinition<PredictSettings, double?>(
                OptionKeys.Window,
                OptionTypes.Optional(OptionTypes.Number),
                settings => settings.WindowSeconds,
                (settings, value) => settings with { WindowSeconds = value }
            )
            {
                Group = OptionGroups.Evaluation,
                ValueName = "SECONDS",
                Help = "Predict windows of this length instead of whole recordings.",
                Unit = "seconds",
                Range = OptionRange.Between(WindowOptions.MinSeconds, WindowOptions.MaxSeconds),
                Probe = new("0.5", OptionEffect.Output),
            },
            new OptionDefinition<PredictSettings, double?>(
                CommandOptionKeys.Hop,
                OptionTypes.Optional(OptionTypes.Number),
                settings => settings.HopSeconds,
                (settings, value) => settings with { HopSeconds = value }
            )
            {
                Group = OptionGroups.Evaluation,
                ValueName = "SECONDS",
                Help = "Set the distance from one window to the next.",
                Unit = "seconds",
                Range = OptionRange.Between(WindowOptions.MinHopSeconds, WindowOptions.MaxSeconds),
                DefaultText = "the length of --window",
                Probe = new("0.25", OptionEffect.Output) { Setup = ["window=0.5"] },
            },
            SharedOptions.CreateChannel<PredictSettings>(
                settings => settings.Channel,
                (settings, value) => settings with { Channel = value }
            ),
            new OptionDefinition<PredictSettings, bool>(
                CommandOptionKeys.Segments,
                OptionTypes.Switch,
                settings => settings.Segments,
                (settings, value) => settings with { Segments = value }
            )
            {
                Group = OptionGroups.Evaluation,
                ValueName = "",
                Help = "Predict each stretch of speech instead of whole recordings; what is between them is left out.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<PredictSettings, bool>(
                CommandOptionKeys.NoVad,
                OptionTypes.Switch,
                settings => settings.NoVad,
                (settings, value) => settings with { NoVad = value }
            )
            {
                Group = OptionGroups.Evaluation,
                ValueName = "",
                Help = "Disable the search for speech: no warnings about recordings and windows without it.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<PredictSettings, double>(
                CommandOptionKeys.Abstain,
                OptionTypes.Number,
                settings => settings.Abstain,
                (settings, value) => settings with { Abstain = value }
            )
            {
                Group = OptionGroups.Evaluation,
                ValueName = "P",
                Help = "Leave out the label if its probability is below this; the probabilities stay.",
                Range = OptionRange.Between(0, 1) with { ZeroMeans = "off" },
                Probe = new("1", OptionEffect.Output) { Setup = ["json=true"] },
            },
            new OptionDefinition<PredictSettings, string?>(
                CommandOptionKeys.Explain,
                OptionTypes.Text,
                settings => settings.ExplanationFolder,
                (settings, value) => settings with { ExplanationFolder = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "DIR",
                IsPath = true,
                Help =
                    "Explain each prediction by a plot in this folder, and by arrays in --json: attention over time, "
                    + "and the probability lost when each half second is silenced; of recordings and windows of at "
                    + $"most {Explanation.MaxSeconds:0} s.",
                Probe = new("explanations", OptionEffect.Files),
            },
            SharedOptions.CreateThreads<PredictSettings>(
                settings => settings.Threads,
                (settings, value) => settings with { Threads = value }
            ),
            SharedOptions.CreateExactConvolution<PredictSettings>(
                settings => settings.ExactConvolution,
                (settings, value) => settings with { ExactConvolution = value }
            ),
            SharedOptions.CreateJson<PredictSettings>(
                settings => settings.Json,
                (settings, value) => settings with { Json = value },
                "Print one JSON object per line."
            ),
            new OptionDefinition<PredictSettings, bool>(
                CommandOptionKeys.Csv,
                OptionTypes.Switch,
                settings => settings.Csv,
                (settings, value) => settings with { Csv = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "",
                Help = "Print a CSV table: path, label, start and end in seconds, probabilities.",
                Probe = new("", OptionEffect.Output),
            },
            new OptionDefinition<PredictSettings, string?>(
                OptionKeys.Out,
                OptionTypes.Text,
                settings => settings.Output,
                (settings, value) => settings with { Output = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "FILE",
                Help =
                    "Write the predictions to this file instead of standard output; it is replaced "
                    + "when all are computed.",
                Probe = new("predictions.txt", OptionEffect.Files),
            },
        ];
}
