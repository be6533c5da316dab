using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Keras.Weights;

namespace AttnCrnn.Models;

/// <summary>Writes the model files that <see cref="ModelFile"/> reads.</summary>
public static class ModelFileWriter
{
    /// <summary>Writes a model atomically; the same model gives the same bytes.</summary>
    /// <param name="path">Output file; its folder is created if missing.</param>
    /// <param name="model">What is saved with the weights.</param>
    /// <param name="tensors">In the order of <see cref="ModelFile.Read(string, IReadOnlyList{string}, bool)"/>.</param>
    /// <param name="optimizer">
    /// Adam's state, so that Keras can resume training; null: the archive is not compiled.
    /// </param>
    /// <exception cref="ArgumentException">Tensors, optimizer and model are inconsistent.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        OptimizerState? optimizer = null
    )
    {
        ModelConsistency.ThrowIfInconsistent(model, tensors, optimizer);
        var isNormalized = model.Normalization.Kind == NormalizationMode.Corpus;
        var config = KerasConfig.Write(model, optimizer);
        // The weight paths come from the reader's traversal of the graph, so that writer and reader cannot
        // disagree.
        var graph = KerasGraph.Parse(path, config);
        var network = KerasNetworkReader.Read(path, graph);
        if (!network.Options.Equals(model.Network with { ExactConvolution = false }))
            throw new ArgumentException($"{model.Network} became {network.Options}", nameof(model));
        KerasArchiveWriter.Write(
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
                        isNormalized ? model.Normalization : null,
                        optimizer
                    )
                ),
                (ModelDescription.Entry, ModelDescription.Create(model).ToJson()),
            ]
        );
    }
}
