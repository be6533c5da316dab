using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>Writes a model and, if its weights are large, its external data file.</summary>
internal static class OnnxFile
{
    /// <summary>Larger weights go to an external data file.</summary>
    public const long MaxInlineBytes = 128L << 20;

    /// <summary>Writes a model; the external data file first, so that no model is without it.</summary>
    /// <param name="path">Output file; its folder is created if missing.</param>
    /// <param name="weightBytes">Approximate size of the weights.</param>
    /// <param name="add">Adds inputs, operators and outputs.</param>
    /// <returns>The files written, the model first.</returns>
    public static IReadOnlyList<string> Write(
        string path,
        long weightBytes,
        long maxInlineBytes,
        Action<GraphBuilder> add
    )
    {
        byte[] Build(ExternalWeights? external)
        {
            var graph = new GraphBuilder("attn-crnn", external);
            add(graph);
            return graph.ToModel();
        }
        if (weightBytes <= maxInlineBytes)
        {
            AtomicFile.WriteBytes(path, Build(null));
            return [path];
        }
        var weightsPath = path + OnnxExporter.WeightsExtension;
        byte[] bytes = [];
        AtomicFile.Write(weightsPath, stream => bytes = Build(new(stream, Path.GetFileName(weightsPath))));
        AtomicFile.WriteBytes(path, bytes);
        return [path, weightsPath];
    }
}
