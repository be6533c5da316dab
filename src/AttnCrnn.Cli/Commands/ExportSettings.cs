using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Cli.Options;
using AttnCrnn.Export;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>The settings of export.</summary>
internal sealed record ExportSettings : CommandSettings
{
    /// <summary>Name of the output format.</summary>
    public string? Format { get; init; }

    /// <summary>Output file or folder; null for the default.</summary>
    public string? Output { get; init; }

    /// <summary>Folder of the runs.</summary>
    public string WorkFolder { get; init; } = ".";

    /// <summary>Whether the encoder is included.</summary>
    public bool Waveform { get; init; }

    /// <summary>The encoder, or its folder if it has moved; null: as the model records.</summary>
    public string? Encoder { get; init; }

    /// <summary>Layers of the encoder, for a model that does not record it.</summary>
    public string? Layers { get; init; }

    /// <summary>Branch, tag or commit of a published classifier's repository; null: main.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether the labels of a published classifier remain as published.</summary>
    public bool RawLabels { get; init; }

    /// <summary>Type of the weights; null for float32.</summary>
    public Quantization? Quantize { get; init; }

    /// <summary>License under which the model is published; null: none is stated.</summary>
    public string? License { get; init; }

    /// <summary>Labels of the model's outputs, for archives without them.</summary>
    public IReadOnlyList<string> OutputLabels { get; init; } = [];

    /// <summary>The labels, if there are any.</summary>
    public IReadOnlyList<string>? Labels => OutputLabels.Count == 0 ? null : OutputLabels;

    /// <summary>The options of export.</summary>
    public static IEnumerable<OptionDefinition<ExportSettings>> Options =>
        [
            new OptionDefinition<ExportSettings, string?>(
                ExportOptionKeys.OutputFormat,
                OptionTypes.TextChoice([
                    .. ModelExporters.All.Select(exporter => exporter.Name),
                    .. RunExporters.All.Select(exporter => exporter.Name),
                ]),
                settings => settings.Format,
                (settings, value) => settings with { Format = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "FORMAT",
                Help = "Select the output format.",
                Probe = new("npz", OptionEffect.Files),
            },
            new OptionDefinition<ExportSettings, string?>(
                OptionKeys.Out,
                OptionTypes.Text,
                settings => settings.Output,
                (settings, value) => settings with { Output = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "FILE",
                Help = "Write to this file, or to this folder for a store and for hub.",
                DefaultText =
                    "the model's name with the format's extension, after .waveform or .int8 with these options; "
                    + "required for keras; the store's name and _npz; a repository's file is in the current folder; "
                    + "the folder hub/RUN of the working folder for hub",
                Probe = new("other.onnx", OptionEffect.Files),
            },
            SharedOptions.CreateWorkFolder<ExportSettings>(
                settings => settings.WorkFolder,
                (settings, value) => settings with { WorkFolder = value },
                "Look for the run in this folder."
            ),
            new OptionDefinition<ExportSettings, bool>(
                ExportOptionKeys.Waveform,
                OptionTypes.Switch,
                settings => settings.Waveform,
                (settings, value) => settings with { Waveform = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "",
                Help = "Include the encoder in the ONNX model, whose input is then samples instead of frames.",
                Probe = new("", OptionEffect.Files),
            },
            new OptionDefinition<ExportSettings, Quantization?>(
                ExportOptionKeys.Quantize,
                OptionTypes.Optional(OptionTypes.Choice(("int8", Quantization.Int8))),
                settings => settings.Quantize,
                (settings, value) => settings with { Quantize = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "TYPE",
                Help =
                    "Quantize the weights of the ONNX model: int8, a quarter of the size; print the "
                    + "maximum error of its probabilities.",
                Probe = new("int8", OptionEffect.Files),
            },
            new OptionDefinition<ExportSettings, string?>(
                OptionKeys.Encoder,
                OptionTypes.Text,
                settings => settings.Encoder,
                (settings, value) => settings with { Encoder = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "NAME|DIR",
                Help =
                    "Use the model's encoder from this folder with --waveform, if it has moved since "
                    + "training; for an archive "
                    + "saved by Keras, record this encoder in the output.",
                Probe = new("whisper", OptionEffect.Contents) { Setup = ["to=safetensors"] },
            },
            new OptionDefinition<ExportSettings, string?>(
                OptionKeys.Layers,
                OptionTypes.Text,
                settings => settings.Layers,
                (settings, value) => settings with { Layers = value }
            )
            {
                Group = OptionGroups.Encoder,
                ValueName = "LAYERS",
                Help = "Select layers of --encoder, for an archive saved by Keras.",
                Probe = new("2", OptionEffect.Contents) { Setup = ["to=safetensors", "encoder=whisper"] },
            },
            new OptionDefinition<ExportSettings, string?>(
                ExportOptionKeys.License,
                OptionTypes.Text,
                settings => settings.License,
                (settings, value) => settings with { License = value }
            )
            {
                Group = OptionGroups.Output,
                ValueName = "ID",
                DefaultText = "none is stated",
                Help = "State this license in the model card, as the hub spells it: cc-by-4.0, mit.",
                Probe = new("mit", OptionEffect.Output) { Setup = ["to=hub"] },
            },
            SharedOptions.CreateOutputLabels<ExportSettings>(
                settings => settings.OutputLabels,
                (settings, value) => settings with { OutputLabels = value }
            ),
            SharedOptions.CreateRevision<ExportSettings>(
                settings => settings.Revision,
                (settings, value) => settings with { Revision = value }
            ),
            SharedOptions.CreateRawLabels<ExportSettings>(
                settings => settings.RawLabels,
                (settings, value) => settings with { RawLabels = value },
                new("", OptionEffect.Contents) { Setup = ["waveform=true"] }
            ),
        ];
}

/// <summary>Types to which the weights of an exported model can be quantized.</summary>
[SuppressMessage(
    "Naming",
    "CA1720:Identifier contains type name",
    Justification = "The option selects a numeric type."
)]
internal enum Quantization
{
    /// <summary>8 bits.</summary>
    Int8,
}
