using PureHDF;

namespace AttnCrnn.Models.Keras.Weights;

/// <summary>
/// Writes an archive's model.weights.h5 in Keras' layout: for each layer a group named by its class and number, with a
/// group <c>vars</c> that has the layer's name as attribute and holds its numbered tensors; layers without tensors too.
/// </summary>
internal static class KerasWeightsWriter
{
    // As h5py does: contiguous datasets, even for small arrays.
    private static readonly H5WriteOptions Layout = new(PreferCompactDatasetLayout: false);

    /// <param name="graph">The model's layers.</param>
    /// <param name="network">The paths of the tensors.</param>
    /// <param name="tensors">In the order of the network's parameters.</param>
    /// <param name="normalization">Statistics of the graph's Normalization layer; null if it has none.</param>
    /// <param name="optimizer">Null: the model is not compiled.</param>
    /// <returns>The same bytes for the same values.</returns>
    public static byte[] Write(
        KerasGraph graph,
        KerasNetwork network,
        IReadOnlyList<ModelTensor> tensors,
        FeatureNormalization? normalization,
        OptimizerState? optimizer
    )
    {
        var file = new H5File();
        foreach (var layer in graph.Layers.Where(layer => !layer.IsOperator))
            AddVars(file, layer.Folder, layer.Name);
        if (graph.Layers.FirstOrDefault(layer => layer.ClassName == "Bidirectional") is { } bidirectional)
        {
            foreach (var direction in (string[])[KerasPaths.Forward, KerasPaths.Backward])
            {
                AddVars(file, KerasPaths.GetDirection(bidirectional.Folder, direction), $"{direction}_lstm");
                AddVars(file, KerasPaths.GetCell(bidirectional.Folder, direction), "lstm_cell");
            }
        }
        AddVars(file, "", graph.Name);
        foreach (var ((_, path), tensor) in network.Tensors.Zip(tensors))
            Add(file, path, tensor.Values, tensor.Shape);
        if (normalization is not null)
            Add(file, network, normalization);
        if (optimizer is not null)
            Add(file, optimizer);
        using var stream = new MemoryStream();
        file.Write(stream, Layout);
        return stream.ToArray();
    }

    // Keras stores the variance; the root of a rounded square is the number itself, so the standard deviation is
    // restored.
    private static void Add(H5Group file, KerasNetwork network, FeatureNormalization normalization)
    {
        var folder = network.Normalization!.Folder;
        IReadOnlyList<int> shape =
            network.Options.EncoderLayers == 1
                ? [network.Options.Width]
                : [network.Options.EncoderLayers, network.Options.Width];
        Add(file, KerasPaths.GetVariable(folder, 0), normalization.Mean, shape);
        Add(
            file,
            KerasPaths.GetVariable(folder, 1),
            [.. normalization.StandardDeviation.Select(deviation => deviation * deviation)],
            shape
        );
        // The number of frames of the adaptation, which Keras itself leaves at 0.
        Add(file, KerasPaths.GetVariable(folder, 2), [0L], []);
    }

    private static void Add(H5Group file, OptimizerState optimizer)
    {
        AddVars(file, KerasPaths.Optimizer, KerasOptimizer.GetName(optimizer));
        Add(file, KerasOptimizer.GetVariable(0), [optimizer.Steps], []);
        Add(file, KerasOptimizer.GetVariable(1), [optimizer.LearningRate], []);
        var index = 2;
        foreach (var (firstMoment, secondMoment) in optimizer.FirstMoments.Zip(optimizer.SecondMoments))
        {
            Add(file, KerasOptimizer.GetVariable(index++), firstMoment.Values, firstMoment.Shape);
            Add(file, KerasOptimizer.GetVariable(index++), secondMoment.Values, secondMoment.Shape);
        }
    }

    private static void AddVars(H5Group file, string folder, string name) =>
        Group(file, KerasPaths.GetVariables(folder)).Attributes["name"] = name;

    private static void Add<T>(H5Group file, string path, T[] values, IReadOnlyList<int> shape)
    {
        var slash = path.LastIndexOf('/');
        Group(file, path[..slash])[path[(slash + 1)..]] = new H5Dataset(
            values,
            fileDims: [.. shape.Select(size => (ulong)size)]
        );
    }

    private static H5Group Group(H5Group file, string path)
    {
        foreach (var part in path.Split('/'))
        {
            if (!file.TryGetValue(part, out var child))
                file[part] = child = new H5Group();
            file = (H5Group)child;
        }
        return file;
    }
}
