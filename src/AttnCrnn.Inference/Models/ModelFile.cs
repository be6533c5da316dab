using System.Diagnostics.CodeAnalysis;
using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Keras.Weights;
using AttnCrnn.Options;

namespace AttnCrnn.Models;

/// <summary>
/// A model in one file: a <c>.keras</c> archive of Keras layers and weights, plus what inference needs beyond them
/// (docs/models.md). Reads archives and HDF5 files that Keras saved as well, if their layers form this network.
/// </summary>
public static class ModelFile
{
    /// <summary>The file extension.</summary>
    public const string Extension = ".keras";

    /// <summary>Reads a model.</summary>
    /// <param name="path">Model file.</param>
    /// <param name="labels">
    /// [classes], in the order of the outputs, for an archive without labels; null: the archive must have them.
    /// </param>
    /// <param name="withOptimizer">Whether to read Adam's state, which is twice as large as the weights.</param>
    /// <exception cref="InvalidFileException">
    /// Not a model, not this network, not saved by Keras 2.12 to 3.15, a tensor missing or of the wrong shape, or a
    /// description that contradicts the graph.
    /// </exception>
    /// <exception cref="InvalidInputException">
    /// The labels are neither in the archive nor given by the caller, or they differ.
    /// </exception>
    public static TrainedModel Read(string path, IReadOnlyList<string>? labels = null, bool withOptimizer = false) =>
        Read(KerasModel.Read(path), labels, withOptimizer);

    /// <summary>Reads a model from an archive's entries.</summary>
    internal static TrainedModel Read(KerasArchive archive, IReadOnlyList<string>? labels, bool withOptimizer) =>
        Read(KerasModel.FromArchive(archive), labels, withOptimizer);

    /// <summary>Reads a model whose network was recognized.</summary>
    internal static TrainedModel Read(KerasModel file, IReadOnlyList<string>? labels, bool withOptimizer)
    {
        var path = file.Path;
        var network = file.Network;
        var tensors = file.Weights.ReadTensors(network);
        var normalization = network.Normalization is { } layer
            ? new KerasNormalization(file.Weights).Read(layer, network.Options)
            : null;
        var optimizer = withOptimizer
            ? KerasOptimizer.Read(file.Graph.Compilation, file.Weights, network.Options)
            : null;
        var model = file.Description is { } description
            ? RequireLabels(
                path,
                ModelDescription.Read(path, description).Combine(path, network, normalization, file.Saved),
                labels
            )
            : CreateFromKeras(path, network, normalization, labels, file.Saved);
        string[] notices =
            withOptimizer && file.HasUnreadOptimizer
                ? [.. network.Notices, "the state of the optimizer is not read from HDF5 files"]
                : [.. network.Notices];
        return new(model, tensors, optimizer, [.. notices.Select(notice => $"{path}: {notice}")]);
    }

    private static TrainedModelInfo RequireLabels(string path, TrainedModelInfo model, IReadOnlyList<string>? labels) =>
        labels is null || labels.SequenceEqual(model.Labels)
            ? model
            : throw new InvalidInputException(
                path,
                OptionText.Create(
                    $"its labels are {string.Join(',', model.Labels)}, not {string.Join(',', labels)}; "
                        + $"omit {OptionKeys.Labels}"
                )
            );

    private static TrainedModelInfo CreateFromKeras(
        string path,
        KerasNetwork network,
        FeatureNormalization? normalization,
        IReadOnlyList<string>? labels,
        DateTime savedTime
    )
    {
        RequireKerasInput(path, network.InputName);
        RequireOutputLabels(path, labels, network.Options.Classes);
        var encoder = new EncoderDescription(
            EncoderDescription.Unknown,
            "",
            "",
            0,
            network.Options.Width,
            network.Options.EncoderLayers
        );
        return new(
            network.Options,
            labels,
            encoder,
            normalization ?? FeatureNormalization.None,
            network.Temperature ?? 1,
            Synthetic: false,
            network.FixedFrames,
            [],
            Version: ""
        )
        {
            IsFixedLength = network.FixedFrames > 0,
            Saved = savedTime,
        };
    }

    // A model that needs preprocessing which only the entry of this program describes.
    private static void RequireKerasInput(string path, string inputName)
    {
        var preprocessing = inputName switch
        {
            KerasInputNames.Normalized =>
                "its input is frames normalized per speaker, and the statistics for other speakers were",
            KerasInputNames.Padded => "its input is clips padded with zeros to a fixed length, and this length was",
            _ => null,
        };
        if (preprocessing is not null)
            throw new InvalidInputException(
                path,
                $"{preprocessing} in {ModelDescription.Entry}, which Keras drops when it saves; "
                    + $"add the entry again:  zip {Path.GetFileName(path)} {ModelDescription.Entry}"
            );
    }

    private static void RequireOutputLabels(string path, [NotNull] IReadOnlyList<string>? labels, int classes)
    {
        if (labels is null)
            throw new InvalidInputException(
                path,
                OptionText.Create(
                    $"the archive has no {ModelDescription.Entry}, which Keras drops when it saves; "
                        + $"specify the labels of its {classes} outputs, in their order, with {OptionKeys.Labels} "
                        + $"a,b,…"
                )
            );
        if (labels.Count != classes || labels.Distinct().Count() != classes || !labels.All(InputFile.IsPrintable))
            throw new InvalidInputException(
                path,
                OptionText.Create(
                    $"{OptionKeys.Labels} has {labels.Count} labels ({string.Join(',', labels)}), "
                        + $"but the model has {classes} outputs; specify each label once"
                )
            );
    }
}
