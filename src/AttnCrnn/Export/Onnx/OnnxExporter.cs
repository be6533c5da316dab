using System.Globalization;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Onnx;
using AttnCrnn.Options;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// Exports a model as ONNX, operator set 21, for runtimes in any language. Feature model: <c>frames</c> [batch, time,
/// width] (with several encoder layers [batch, time, layers, width]) and <c>lengths</c> [batch], int64, to
/// <c>probabilities</c> [batch, classes]. Waveform model: <c>samples</c> [samples], 16 kHz mono, to
/// <c>probabilities</c> [classes]. The metadata hold the labels, the encoder and the preprocessing.
/// </summary>
public sealed class OnnxExporter : IModelExporter
{
    /// <summary>Suffix that is appended to a model's file name for its external data file.</summary>
    public const string WeightsExtension = ".data";

    /// <inheritdoc/>
    public string Name => "onnx";

    /// <inheritdoc/>
    public string Extension => ".onnx";

    /// <inheritdoc/>
    public string Description => "an ONNX model";

    /// <inheritdoc/>
    public ExportFeatures Supports =>
        ExportFeatures.Waveform | ExportFeatures.Int8Weights | ExportFeatures.EncoderDescription;

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string path) => [path, path + WeightsExtension];

    /// <inheritdoc/>
    public Task<ExportResult> ExportAsync(
        TrainedModel model,
        string path,
        ExportOptions options,
        CancellationToken cancellationToken = default
    )
    {
        options.ThrowIfUnsupported(this);
        cancellationToken.ThrowIfCancellationRequested();
        if (options is { QuantizeInt8: true, Encoder: SpeechEncoder speechEncoder })
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Quantize}: nearly all weights belong to {speechEncoder.Description.Name}, and a "
                        + $"model trained on float32 features does not tolerate its int8 error: extract features with "
                        + $"{OptionKeys.Precision} int8, train on them, and omit {OptionKeys.Quantize}"
                )
            );
        IReadOnlyList<string> files = [path];
        if (options.Encoder is { } encoder)
            files = ExportWaveformModel(path, model.Info, model.Tensors, encoder, options.QuantizeInt8);
        else
            ExportFeatureModel(path, model.Info, model.Tensors, options.QuantizeInt8);
        return Task.FromResult(new ExportResult(files, [.. ListNotices(model, options)]));
    }

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
    ) => ExportWaveformModel(path, model, tensors, encoder, quantizeInt8, OnnxFile.MaxInlineBytes);

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
                OptionText.Create(
                    $"{encoder.Description.Name}: this encoder cannot be exported; omit {OptionKeys.Waveform}"
                )
            );
        return OnnxFile.Write(path, graphEncoder.WeightBytes, maxInlineBytes, graph =>
            AddWaveformInput(graph, model, tensors, graphEncoder, quantizeInt8)
        );
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
        var inGraph = model.Normalization.Kind != NormalizationMode.Speaker;
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

    private static void AddWaveformInput(
        GraphBuilder graph,
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        IGraphEncoder graphEncoder,
        bool quantizeInt8
    )
    {
        ModelConsistency.ThrowIfInconsistent(model, tensors);
        var range = GetRange(graphEncoder);
        var samples = graph.AddInput("samples", "samples");
        // [1, time, width]
        var frames = graph.Unsqueeze(graphEncoder.AddToGraph(graph, range.AddPadding(graph, samples)), 0);
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
            graph.Add(graph.Squeeze(probabilities, 0), range.AddValidation(graph, samples)),
            model.Network.Classes
        );
        OnnxDescription.Add(graph, model, OnnxDescription.InGraph, quantizeInt8);
        OnnxDescription.AddSamples(graph, range);
    }

    // From the first recording with enough frames for the network.
    private static SampleRange GetRange(IGraphEncoder encoder) =>
        new(
            Enumerable
                .Range(1, int.MaxValue)
                .First(samples => encoder.CountFrames(samples) >= NetworkOptions.MinFrames),
            encoder.MaxSamples
        );

    private static IEnumerable<string> ListNotices(TrainedModel model, ExportOptions options)
    {
        if (options.Encoder is IGraphEncoder encoder && GetRange(encoder) is { IsLimited: true } range)
            yield return range.DescribeLimit();
        if (model.Info.Normalization.Kind == NormalizationMode.Speaker)
            yield return options.Encoder is null
                ? "this model normalizes with the speaker's mean and standard deviation: the input of the file must "
                    + "be frames normalized with them, as its metadata state"
                : "this model normalizes with the speaker's mean and standard deviation, which cannot be computed "
                    + "from one recording: the file uses the training corpus' statistics, as for the prediction of a "
                    + "single recording";
        if (options.QuantizeInt8)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"int8: the maximum difference of a probability from float32 is {ComputeInt8Error(model):0.0000}"
            ) + $" (on {Int8ModelError.Clips} clips of noise with the training data's mean and standard deviation)";
    }

    private static float ComputeInt8Error(TrainedModel model) =>
        Int8ModelError.ComputeMaxProbabilityDifference(model.Info, model.Tensors);
}
