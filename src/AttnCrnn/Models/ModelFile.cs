using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Models.Keras;

namespace AttnCrnn.Models;

/// <summary>
/// A model in one file: a <c>.keras</c> archive of Keras' own layers and weights, with what else predicting needs beside them (docs/models.md). Archives that Keras
/// saved are read as well, where their layers form this network.
/// </summary>
public static class ModelFile
{
    /// <summary>How the files' names end.</summary>
    public const string Extension = ".keras";

    /// <summary>Writes a model; the file is there whole or not at all, and the same model gives the same bytes.</summary>
    /// <param name="path">Of the file; its folder is made where absent.</param>
    /// <param name="model">What is saved beside the weights.</param>
    /// <param name="tensors">In the order of <see cref="Read(string, IReadOnlyList{string}, bool)"/>.</param>
    /// <param name="optimizer">So that Keras can go on training; null: the archive is not compiled.</param>
    /// <exception cref="ArgumentException">Tensors, optimiser and model do not fit together, or the model contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        OptimizerState? optimizer = null
    )
    {
        ModelParts.Require(model, tensors, optimizer);
        var isNormalised = model.Normalization.Kind == "corpus";
        var config = KerasConfig.Write(model, optimizer);
        // Where weights go is what the reader finds in the graph: the two cannot differ.
        using var parsed = KerasJson.Parse(path, config);
        var graph = KerasGraph.Parse(path, parsed.RootElement);
        var network = KerasNetworkReader.Read(path, graph);
        if (!network.Options.Equals(model.Network with { ExactConvolution = false }))
            throw new ArgumentException($"{model.Network} became {network.Options}", nameof(model));
        KerasArchive.Write(
            path,
            [
                (KerasArchive.Metadata, KerasMetadata.Write(model.Saved)),
                (KerasArchive.Config, config),
                (
                    KerasArchive.Weights,
                    KerasWeightsWriter.Write(
                        graph,
                        network,
                        tensors,
                        isNormalised ? model.Normalization : null,
                        optimizer
                    )
                ),
                (ModelDescription.Entry, ModelDescription.Create(model).Json()),
            ]
        );
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="labels">[classes], in the order of the outputs, for an archive that does not say; null: it must.</param>
    /// <param name="withOptimizer">Whether Adam's state is wanted: it is twice as large as the weights.</param>
    /// <exception cref="InvalidFileException">It is no model, not this network, of another Keras than 3.0 to 3.15, a tensor is missing or misshapen, or its description contradicts it.</exception>
    /// <exception cref="InvalidInputException">The archive does not say its labels, and neither does the caller; or both do, and differ.</exception>
    public static TrainedModel Read(string path, IReadOnlyList<string>? labels = null, bool withOptimizer = false) =>
        Read(KerasArchive.Read(path, ModelDescription.Entry), labels, withOptimizer);

    /// <summary>Reads a model from an archive's entries.</summary>
    internal static TrainedModel Read(KerasArchive archive, IReadOnlyList<string>? labels, bool withOptimizer)
    {
        var path = archive.Path;
        var saved = KerasMetadata.Read($"{path}:{KerasArchive.Metadata}", archive[KerasArchive.Metadata]!);
        var file = $"{path}:{KerasArchive.Config}";
        using var config = KerasJson.Parse(file, archive[KerasArchive.Config]!);
        var graph = KerasGraph.Parse(file, config.RootElement);
        var network = KerasNetworkReader.Read(file, graph);
        var weights = new KerasWeights($"{path}:{KerasArchive.Weights}", archive[KerasArchive.Weights]!);
        var tensors = weights.Tensors(network);
        var normalization = network.Normalisation is { } layer
            ? new KerasNormalization(file, weights).Read(layer, network.Options)
            : null;
        var optimizer = withOptimizer ? KerasOptimizer.Read(graph.Compilation, weights, network.Options) : null;
        var model = archive[ModelDescription.Entry] is { } described
            ? Labelled(path, ModelDescription.Read(path, described).Join(path, network, normalization, saved), labels)
            : FromKeras(path, network, normalization, labels, saved);
        return new(model, tensors, optimizer, [.. network.Notices.Select(notice => $"{path}: {notice}")]);
    }

    private static TrainedModelInfo Labelled(string path, TrainedModelInfo model, IReadOnlyList<string>? labels) =>
        labels is null || labels.SequenceEqual(model.Labels)
            ? model
            : throw new InvalidInputException(
                $"{path}: its labels are {string.Join(',', model.Labels)}, not {string.Join(',', labels)}; leave --labels out"
            );

    private static TrainedModelInfo FromKeras(
        string path,
        KerasNetwork network,
        FeatureNormalization? normalization,
        IReadOnlyList<string>? labels,
        DateTime saved
    )
    {
        var lost = network.InputName switch
        {
            KerasConfig.NormalizedInput =>
                "frames already normalised by their speaker, whose figures for speakers without any were",
            KerasConfig.PaddedInput => "clips that are padded with zeros to one length, which was",
            _ => null,
        };
        if (lost is not null)
            throw new InvalidInputException(
                $"{path}: it takes {lost} in {ModelDescription.Entry}, which Keras leaves out when it saves; put the entry back:  zip {Path.GetFileName(path)} {ModelDescription.Entry}"
            );
        var classes = network.Options.Classes;
        if (labels is null)
            throw new InvalidInputException(
                $"{path}: the archive has no {ModelDescription.Entry}, which Keras leaves out when it saves; name the labels of its {classes} outputs, in their order, with --labels a,b,…"
            );
        if (labels.Count != classes || labels.Distinct().Count() != classes || !labels.All(InputFile.IsPlain))
            throw new InvalidInputException(
                $"{path}: --labels names {labels.Count} ({string.Join(',', labels)}), and the model has {classes} outputs; name each once"
            );
        var unknown = new EncoderDescription(
            EncoderDescription.Unknown,
            "",
            "",
            0,
            network.Options.Width,
            network.Options.Layers
        );
        return new(
            network.Options,
            labels,
            unknown,
            normalization ?? FeatureNormalization.None,
            Temperature: 1,
            Synthetic: false,
            network.FixedFrames,
            [],
            Version: ""
        )
        {
            IsFixedLength = network.FixedFrames > 0,
            Saved = saved,
        };
    }
}
