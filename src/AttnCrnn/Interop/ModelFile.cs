using AttnCrnn.Encoders;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Interop;

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
    /// <param name="optimiser">So that Keras can go on training; null: the archive is not compiled.</param>
    /// <exception cref="ArgumentException">Tensors, optimiser and model do not fit together, or the model contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, SavedModel model, IReadOnlyList<ModelTensor> tensors, OptimiserState? optimiser = null)
    {
        ModelParts.Require(model, tensors, optimiser);
        var isNormalised = model.Normalisation.Kind == "corpus";
        var config = KerasConfig.Of(model, optimiser);
        // Where weights go is what the reader finds in the graph: the two cannot differ.
        using var parsed = KerasJson.Parse(path, config);
        var graph = KerasGraph.Of(path, parsed.RootElement);
        var network = KerasMatch.Of(path, graph);
        if (!network.Options.Equals(model.Network with { ExactConvolution = false })) throw new ArgumentException($"{model.Network} became {network.Options}", nameof(model));
        KerasArchive.Write(path,
        [
            (KerasArchive.Metadata, KerasMetadata.Of(model.Saved)), (KerasArchive.Config, config),
            (KerasArchive.Weights, KerasWeightsWriter.Of(graph, network, tensors, isNormalised ? model.Normalisation : null, optimiser)),
            (ModelDescription.Entry, ModelDescription.Of(model).Json()),
        ]);
    }

    /// <summary>Reads a model.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="labels">[classes], in the order of the outputs, for an archive that does not say; null: it must.</param>
    /// <param name="withOptimiser">Whether Adam's state is wanted: it is twice as large as the weights.</param>
    /// <exception cref="BadFileException">It is no model, not this network, of another Keras than 3.0 to 3.15, a tensor is missing or misshapen, or its description contradicts it.</exception>
    /// <exception cref="RefusedException">The archive does not say its labels, and neither does the caller; or both do, and differ.</exception>
    public static ModelContent Read(string path, IReadOnlyList<string>? labels = null, bool withOptimiser = false) =>
        Read(KerasArchive.Read(path, ModelDescription.Entry), labels, withOptimiser);

    /// <summary>Reads a model from an archive's entries.</summary>
    internal static ModelContent Read(KerasArchive archive, IReadOnlyList<string>? labels, bool withOptimiser)
    {
        var path = archive.Path;
        var saved = KerasMetadata.Read($"{path}:{KerasArchive.Metadata}", archive[KerasArchive.Metadata]!);
        var file = $"{path}:{KerasArchive.Config}";
        using var config = KerasJson.Parse(file, archive[KerasArchive.Config]!);
        var graph = KerasGraph.Of(file, config.RootElement);
        var network = KerasMatch.Of(file, graph);
        var weights = new KerasWeights($"{path}:{KerasArchive.Weights}", archive[KerasArchive.Weights]!);
        var tensors = weights.Tensors(network);
        var normalisation = network.Normalisation is { } layer ? new KerasNormalisation(file, weights).Of(layer, network.Options) : null;
        var optimiser = withOptimiser ? KerasOptimiser.Read(graph.Compilation, weights, network.Options) : null;
        var model = archive[ModelDescription.Entry] is { } described
            ? Labelled(path, ModelDescription.Read(path, described).Join(path, network, normalisation, saved), labels)
            : Foreign(path, network, normalisation, labels, saved);
        return new(model, tensors, optimiser, [.. network.Notices.Select(notice => $"{path}: {notice}")]);
    }

    private static SavedModel Labelled(string path, SavedModel model, IReadOnlyList<string>? labels) => labels is null || labels.SequenceEqual(model.Labels)
        ? model
        : throw new RefusedException($"{path}: its labels are {string.Join(',', model.Labels)}, not {string.Join(',', labels)}; leave --labels out");

    private static SavedModel Foreign(string path, KerasNetwork network, Normalisation? normalisation, IReadOnlyList<string>? labels, DateTime saved)
    {
        var lost = network.InputName switch
        {
            KerasConfig.NormalisedInput => "frames already normalised by their speaker, whose figures for speakers without any were",
            KerasConfig.PaddedInput => "clips that are padded with zeros to one length, which was",
            _ => null,
        };
        if (lost is not null)
            throw new RefusedException(
                $"{path}: it takes {lost} in {ModelDescription.Entry}, which Keras leaves out when it saves; put the entry back:  zip {Path.GetFileName(path)} {ModelDescription.Entry}");
        var classes = network.Options.Classes;
        if (labels is null)
            throw new RefusedException(
                $"{path}: the archive has no {ModelDescription.Entry}, which Keras leaves out when it saves; name the labels of its {classes} outputs, in their order, with --labels a,b,…");
        if (labels.Count != classes || labels.Distinct().Count() != classes || !labels.All(InputFile.IsPlain))
            throw new RefusedException($"{path}: --labels names {labels.Count} ({string.Join(',', labels)}), and the model has {classes} outputs; name each once");
        var unknown = new EncoderDescription(EncoderDescription.Unknown, "", "", 0, network.Options.Width, network.Options.Layers);
        return new(network.Options, labels, unknown, normalisation ?? Normalisation.None, Temperature: 1, Synthetic: false, network.FixedFrames, [], Version: "")
        {
            IsFixedLength = network.FixedFrames > 0, Saved = saved,
        };
    }
}
