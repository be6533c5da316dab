using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// Exports a model as ONNX, operator set 21, for runtimes in any language. Feature model: <c>frames</c> [batch, time,
/// width] (with several encoder layers [batch, time, layers, width]) and <c>lengths</c> [batch], int64, to
/// <c>probabilities</c> [batch, classes]. Waveform model: <c>samples</c> [samples], 16 kHz mono, to
/// <c>probabilities</c> [classes]. The metadata hold the labels, the encoder and the preprocessing.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The file extension.</summary>
    public const string Extension = ".onnx";

    /// <summary>Suffix that is appended to a model's file name for its external data file.</summary>
    public const string WeightsExtension = ".data";

    private const long MaxInlineBytes = 128L << 20; // larger weights go to an external data file

    /// <summary>Writes the feature model; the same model gives the same bytes.</summary>
    /// <param name="path">Output file; its folder is created if missing.</param>
    /// <param name="model">What inference needs beyond the weights.</param>
    /// <param name="tensors">In the order of <see cref="ModelFile.Read(string, IReadOnlyList{string}, bool)"/>.</param>
    /// <param name="quantizeInt8">Whether kernels are stored as int8.</param>
    /// <exception cref="ArgumentException">Tensors and model are inconsistent.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ExportFeatureModel(
        string path,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        bool quantizeInt8 = false
    ) => AtomicFile.WriteBytes(path, BuildFeatureModel(model, tensors, quantizeInt8));

    /// <summary>
    /// Writes the waveform model, which includes the encoder; large weights go to an external data file next to it.
    /// </summary>
    /// <param name="path">Output file; its folder is created if missing.</param>
    /// <param name="model">
    /// What inference needs beyond the weights; if its encoder is unknown, <paramref name="encoder"/> is recorded.
    /// </param>
    /// <param name="tensors">In the order of <see cref="ModelFile.Read(string, IReadOnlyList{string}, bool)"/>.</param>
    /// <param name="encoder">The encoder that the model was trained with.</param>
    /// <param name="quantizeInt8">Whether the network's kernels are stored as int8.</param>
    /// <returns>The files written.</returns>
    /// <exception cref="ArgumentException">Tensors, encoder and model are inconsistent.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="InvalidInputException">The encoder cannot be exported as a graph.</exception>
    public static IReadOnlyList<string> ExportWaveformModel(
        string path,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        IEncoder encoder,
        bool quantizeInt8 = false
    ) => ExportWaveformModel(path, model, tensors, encoder, quantizeInt8, MaxInlineBytes);

    internal static IReadOnlyList<string> ExportWaveformModel(
        string path,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        IEncoder encoder,
        bool quantizeInt8,
        long maxInlineBytes
    )
    {
        var description = encoder.Description;
        if (description.FrameWidth != model.Network.FrameWidth)
            throw new ArgumentException(
                $"feature dimension {description.FrameWidth} ({description}) "
                    + $"for a network with {model.Network.FrameWidth}",
                nameof(encoder)
            );
        if (model.Encoder.IsUnknown)
            model = model with { Encoder = description };
        if (encoder is not IGraphEncoder graphEncoder)
            throw new InvalidInputException(
                $"{encoder.Description.Name}: this encoder cannot be exported; omit --waveform"
            );
        var weightsPath = path + WeightsExtension;
        if (graphEncoder.WeightBytes <= maxInlineBytes)
        {
            AtomicFile.WriteBytes(
                path,
                AddWaveformInput(new GraphBuilder("attn-crnn"), model, tensors, graphEncoder, quantizeInt8)
            );
            return [path];
        }
        byte[] bytes = [];
        AtomicFile.Write(weightsPath, stream =>
            bytes = AddWaveformInput(
                new GraphBuilder("attn-crnn", new ExternalWeights(stream, Path.GetFileName(weightsPath))),
                model,
                tensors,
                graphEncoder,
                quantizeInt8
            )
        );
        AtomicFile.WriteBytes(path, bytes);
        return [path, weightsPath];
    }

    /// <summary>The feature model.</summary>
    internal static byte[] BuildFeatureModel(
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        bool quantizeInt8
    )
    {
        ModelConsistency.ThrowIfInconsistent(model, tensors);
        var graph = new GraphBuilder("attn-crnn");
        var layers = model.Network.EncoderLayers;
        var width = model.Network.Width;
        var frames =
            layers == 1
                ? graph.AddInput("frames", "batch", "time", width)
                : graph.AddInput("frames", "batch", "time", layers, width);
        var lengths = graph.AddInt64Input("lengths", "batch");
        if (layers > 1)
            frames = graph.Reshape(frames, 0, 0, layers * width);
        // Speaker statistics need more than one clip: the caller applies them.
        var inGraph = model.Normalization.Kind != "speaker";
        var probabilities = OnnxNetwork.AddProbabilities(
            graph,
            model,
            new OnnxWeights(graph, tensors, quantizeInt8),
            frames,
            lengths,
            inGraph
        );
        graph.AddOutput("probabilities", probabilities, "batch", model.Network.Classes);
        OnnxDescription.Add(
            graph,
            model,
            inGraph ? OnnxDescription.InGraph : OnnxDescription.BeforeGraph,
            quantizeInt8
        );
        return graph.ToModel();
    }

    private static byte[] AddWaveformInput(
        GraphBuilder graph,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        IGraphEncoder graphEncoder,
        bool quantizeInt8
    )
    {
        ModelConsistency.ThrowIfInconsistent(model, tensors);
        var min = Enumerable
            .Range(1, int.MaxValue)
            .First(samples => graphEncoder.CountFrames(samples) >= NetworkOptions.MinFrames);
        var samples = graph.AddInput("samples", "samples");
        // Padding: encoders fail on recordings shorter than their receptive field.
        // [1, time, width]
        var frames = graph.Unsqueeze(graphEncoder.AddToGraph(graph, graph.PadToLength(samples, 0, 1, min)), 0);
        var probabilities = OnnxNetwork.AddProbabilities(
            graph,
            model,
            new OnnxWeights(graph, tensors, quantizeInt8),
            frames,
            lengths: default,
            normalizes: true
        );
        graph.AddOutput(
            "probabilities",
            graph.Add(graph.Squeeze(probabilities, 0), AddValidation(graph, samples, min, graphEncoder.MaxSamples)),
            model.Network.Classes
        );
        OnnxDescription.Add(graph, model, OnnxDescription.InGraph, quantizeInt8);
        OnnxDescription.AddSamples(graph, min, graphEncoder.MaxSamples);
        return graph.ToModel();
    }

    // 0, or NaN if the recording is too short for the network or too long for the encoder, or a sample is non-finite.
    private static GraphValue AddValidation(GraphBuilder graph, GraphValue samples, int min, int max)
    {
        var length = graph.Length(samples, 0);
        var nanIfInvalid = graph.Where(
            graph.Less(length, graph.Int64(min)),
            graph.Constant("too short", [float.NaN]),
            graph.Sum(graph.Subtract(samples, samples), 0)
        );
        return max == int.MaxValue
            ? nanIfInvalid
            : graph.Where(graph.Less(graph.Int64(max), length), graph.Constant("too long", [float.NaN]), nanIfInvalid);
    }
}
