using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// A model as ONNX, operator set 21, for runtimes in any language. Of frames: <c>frames</c> [batch, time, width] (with a learned mix [batch, time, layers, width]) and
/// <c>lengths</c> [batch], int64, to <c>probabilities</c> [batch, classes]. Of sound: <c>samples</c> [samples], 16 kHz mono, to <c>probabilities</c> [classes].
/// The model's metadata say what its labels are, what makes its frames, and what was done to it.
/// </summary>
public static class OnnxExporter
{
    /// <summary>How the files' names end.</summary>
    public const string Extension = ".onnx";

    /// <summary>What is added to a model's name for the weights beside it, where there are many.</summary>
    public const string WeightsExtension = ".data";

    private const long MaxInlineBytes = 128L << 20; // bytes of weights in the model itself

    /// <summary>Writes the model that takes frames; the same model gives the same bytes.</summary>
    /// <param name="path">Of the file; its folder is made where absent.</param>
    /// <param name="model">What predicting needs beside the weights.</param>
    /// <param name="tensors">In the order of <see cref="ModelFile.Read(string, IReadOnlyList{string}, bool)"/>.</param>
    /// <param name="quantizeInt8">Whether kernels are kept by eight bits.</param>
    /// <exception cref="ArgumentException">Tensors and model do not fit together, or the model contradicts itself.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void ExportFeatureModel(
        string path,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        bool quantizeInt8 = false
    ) => AtomicFile.WriteBytes(path, FeatureModel(model, tensors, quantizeInt8));

    /// <summary>Writes the model that takes samples, its encoder in it; large weights go to a file beside it, which belongs to it.</summary>
    /// <param name="path">Of the file; its folder is made where absent.</param>
    /// <param name="model">What predicting needs beside the weights; where it does not know its encoder, that is said to be the one that is given.</param>
    /// <param name="tensors">In the order of <see cref="ModelFile.Read(string, IReadOnlyList{string}, bool)"/>.</param>
    /// <param name="encoder">The model's own, or what an archive that does not say it learned with.</param>
    /// <param name="quantizeInt8">Whether the network's kernels are kept by eight bits.</param>
    /// <returns>The files.</returns>
    /// <exception cref="ArgumentException">Tensors, encoder and model do not fit together, or the model contradicts itself.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="InvalidInputException">The encoder cannot be written down as a graph.</exception>
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
        long mostBytesWithin
    )
    {
        var made = encoder.Description;
        if (made.FrameWidth != model.Network.FrameWidth)
            throw new ArgumentException(
                $"frames {made.FrameWidth} wide ({made}) for a network of {model.Network.FrameWidth}",
                nameof(encoder)
            );
        if (model.Encoder.IsUnknown)
            model = model with { Encoder = made };
        if (encoder is not IGraphEncoder front)
            throw new InvalidInputException(
                $"{encoder.Description.Name}: this encoder is no graph; leave --waveform out"
            );
        var beside = path + WeightsExtension;
        if (front.WeightBytes <= mostBytesWithin)
        {
            AtomicFile.WriteBytes(path, Waveform(new GraphBuilder("attn-crnn"), model, tensors, front, quantizeInt8));
            return [path];
        }
        byte[] bytes = [];
        AtomicFile.Write(beside, stream =>
            bytes = Waveform(
                new GraphBuilder("attn-crnn", new ExternalWeights(stream, Path.GetFileName(beside))),
                model,
                tensors,
                front,
                quantizeInt8
            )
        );
        AtomicFile.WriteBytes(path, bytes);
        return [path, beside];
    }

    /// <summary>The model of frames.</summary>
    internal static byte[] FeatureModel(TrainedModelInfo model, IReadOnlyList<ModelTensor> tensors, bool quantizeInt8)
    {
        ModelParts.Require(model, tensors);
        var graph = new GraphBuilder("attn-crnn");
        var (layers, width) = (model.Network.Layers, model.Network.Width);
        var frames =
            layers == 1
                ? graph.Input("frames", "batch", "time", width)
                : graph.Input("frames", "batch", "time", layers, width);
        var lengths = graph.Int64Input("lengths", "batch");
        if (layers > 1)
            frames = graph.Reshape(frames, 0, 0, layers * width);
        // One speaker's figures come from more than a clip: whoever has them applies them first.
        var normalises = model.Normalization.Kind != "speaker";
        var probabilities = OnnxNetwork.Probabilities(
            graph,
            model,
            new OnnxWeights(graph, tensors, quantizeInt8),
            frames,
            lengths,
            normalises
        );
        graph.Output("probabilities", probabilities, "batch", model.Network.Classes);
        OnnxDescription.Add(
            graph,
            model,
            normalises ? OnnxDescription.InGraph : OnnxDescription.BeforeGraph,
            quantizeInt8
        );
        return graph.ToModel();
    }

    private static byte[] Waveform(
        GraphBuilder graph,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        IGraphEncoder front,
        bool quantizeInt8
    )
    {
        ModelParts.Require(model, tensors);
        var min = Enumerable
            .Range(1, int.MaxValue)
            .First(samples => front.FrameCount(samples) >= NetworkOptions.MinFrames);
        var samples = graph.Input("samples", "samples");
        var frames = graph.Unsqueeze(front.Frames(graph, graph.PadToLength(samples, 0, 1, min)), 0); // [1, time, width]; an encoder stops at a recording that is shorter than what it looks at
        var probabilities = OnnxNetwork.Probabilities(
            graph,
            model,
            new OnnxWeights(graph, tensors, quantizeInt8),
            frames,
            lengths: default,
            normalises: true
        );
        graph.Output(
            "probabilities",
            graph.Add(graph.Squeeze(probabilities, 0), Refusal(graph, samples, min, front.MaxSamples)),
            model.Network.Classes
        );
        OnnxDescription.Add(graph, model, OnnxDescription.InGraph, quantizeInt8);
        OnnxDescription.AddSamples(graph, min, front.MaxSamples);
        return graph.ToModel();
    }

    // 0, or NaN where the recording is too short for the network or too long for the encoder, or a sample is no finite number.
    private static GraphValue Refusal(GraphBuilder graph, GraphValue samples, int min, int max)
    {
        var length = graph.Length(samples, 0);
        var refusal = graph.Where(
            graph.Less(length, graph.Int64(min)),
            graph.Constant("too short", [float.NaN]),
            graph.Sum(graph.Subtract(samples, samples), 0)
        );
        return max == int.MaxValue
            ? refusal
            : graph.Where(graph.Less(graph.Int64(max), length), graph.Constant("too long", [float.NaN]), refusal);
    }
}
