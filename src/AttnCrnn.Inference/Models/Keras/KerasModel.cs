using AttnCrnn.Models.Keras.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>A network that was recognized in a file of Keras, with its weights.</summary>
/// <param name="Path">The file.</param>
/// <param name="Saved">The time of saving.</param>
/// <param name="Description">The entry of this program; null if the file has none.</param>
internal sealed record KerasModel(
    string Path,
    DateTime Saved,
    KerasGraph Graph,
    KerasNetwork Network,
    KerasWeights Weights,
    byte[]? Description
)
{
    /// <summary>What the file should be, for messages.</summary>
    public const string Expected = "a model that Keras saved (.keras or .h5)";

    /// <summary>Whether the file has a state of the optimizer that is not read.</summary>
    public bool HasUnreadOptimizer { get; init; }

    /// <summary>Reads a file in either format, which is recognized by its content.</summary>
    /// <exception cref="InvalidFileException">
    /// Not a model that Keras saved, not this network, or not of a supported version.
    /// </exception>
    public static KerasModel Read(string path) =>
        KerasHdf5File.TryRead(path) ?? FromArchive(KerasArchive.Read(path, ModelDescription.Entry));

    /// <summary>Reads the model of an archive's entries.</summary>
    /// <exception cref="InvalidFileException">As for <see cref="Read"/>.</exception>
    public static KerasModel FromArchive(KerasArchive archive)
    {
        var path = archive.Path;
        var savedTime = KerasMetadata.Read($"{path}:{KerasArchive.Metadata}", archive[KerasArchive.Metadata]!);
        var file = $"{path}:{KerasArchive.Config}";
        var graph = KerasGraph.Parse(file, archive[KerasArchive.Config]!);
        // Before the weights: they are decompressed meanwhile.
        var network = KerasNetworkReader.Read(file, graph);
        var weights = KerasWeights.FromArchive($"{path}:{KerasArchive.Weights}", archive[KerasArchive.Weights]!);
        return new(path, savedTime, graph, network, weights, archive[ModelDescription.Entry]);
    }
}
