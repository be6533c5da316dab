using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A frozen speech encoder from a checkpoint in Hugging Face layout: wav2vec 2.0, HuBERT, WavLM, or Whisper. Clips are
/// not batched, and not padded except to Whisper's window on request; a clip longer than a chunk is processed in
/// overlapping chunks, whose frames near the boundaries are discarded.
/// </summary>
public sealed class SpeechEncoder : IGraphEncoder
{
    // Increment whenever a change of a graph changes its frames: older stores then become incompatible.
    private const string ArithmeticRevision = "1";

    private const string Input = "input";
    private const long LargeBytes = 64 << 20;
    private const int LongSamples = 10 * Waveform.SampleRateHz; // longer than most clips of a corpus

    private readonly string folder;
    private readonly bool quantizeInt8;
    private readonly ISpeechNetwork network;
    private readonly LayerSelection layers;
    private readonly OnnxSession session;
    private readonly ChunkPlanner chunks;

    /// <summary>Opens a checkpoint as an encoder.</summary>
    /// <param name="folder">Folder with config.json, preprocessor_config.json and the weights.</param>
    /// <param name="name">The encoder's name in stores and models.</param>
    /// <param name="revision">The checkpoint's commit; null: a hash of its files.</param>
    /// <exception cref="InvalidInputException">The folder holds no supported encoder, or the options do not fit
    /// it.</exception>
    public SpeechEncoder(string folder, string name, string? revision, SpeechOptions options)
    {
        this.folder = folder;
        quantizeInt8 = options.Precision == SpeechPrecision.Int8;
        using var files = CheckpointFiles.Open(folder); // first, so that a damaged configuration is reported as damaged
        network = SpeechFamilies.Read(folder, options);
        layers = LayerSelection.Parse(
            options.Layers.Length > 0 ? options.Layers : network.DefaultLayers,
            network.Layers
        );
        var defaultSeconds = Math.Min(SpeechOptions.DefaultChunkSeconds, network.MaxSeconds);
        var chunkSeconds = options.ChunkSeconds ?? defaultSeconds;
        if (chunkSeconds > network.MaxSeconds)
            throw new InvalidInputException(
                $"--chunk {chunkSeconds}: {name} processes at most {network.MaxSeconds} seconds at once; omit "
                    + "--chunk, or reduce it"
            );
        chunks = new ChunkPlanner(chunkSeconds, network);
        MaxSeconds = double.IsInfinity(network.MaxSeconds) ? null : chunkSeconds;
        var graph = new GraphBuilder("speech encoder");
        var weights = new SpeechWeights(files, graph, WeightsLocation.MemoryMapped, network.RequiredTensor);
        var selected = SelectStates(graph, weights, network.CreateInput(graph, Input));
        for (var i = 0; i < selected.Count; i++)
            graph.AddOutput($"frames_{i}", selected[i], -1, network.Width);
        weights.ThrowIfIncomplete();
        session = new OnnxSession(graph.ToModel(), options.Threads, weights.Folder ?? folder, options.UseCuda);
        WeightBytes = weights.Bytes;
        // Building the graph leaves copies of folded weights, an eighth of a large network; release them, as an
        // extraction can run for hours. For a small network the collection costs more than it saves.
        if (WeightBytes > LargeBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var chunk =
            chunkSeconds == defaultSeconds
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"-{SpeechOptions.ChunkSuffix}{chunkSeconds}");
        var suffix = $"{(quantizeInt8 ? $"-{SpeechOptions.Int8Suffix}" : "")}{chunk}{network.RevisionSuffix}";
        Description = new(
            name,
            $"{revision ?? files.Revision ?? HashFiles(folder, files)}-{ArithmeticRevision}{suffix}",
            layers.ToString(),
            (double)Waveform.SampleRateHz / network.Hop,
            network.Width,
            layers.OutputLayers
        );
        if (network.DescribeWarning(layers) is { } warning)
            Warning = $"{name} {warning}";
    }

    /// <inheritdoc/>
    public EncoderDescription Description { get; }

    /// <summary>A warning about the choice of layers, or null.</summary>
    public string? Warning { get; }

    /// <summary>
    /// Maximum length in seconds that a network with a window processes at once, or null; longer recordings are split
    /// into chunks.
    /// </summary>
    public double? MaxSeconds { get; }

    /// <inheritdoc/>
    public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
    {
        var samples = network.PrepareSamples(waveform);
        var count = network.CountFrames(samples.Length);
        var values = new float[checked(count * Description.FrameWidth)];
        var frames = new FrameMatrix(values, count, layers.OutputLayers, network.Width);
        foreach (var chunk in chunks.Plan(samples.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (input, shape) = network.CreateInput(samples.AsSpan(chunk.FirstSample, chunk.Samples));
            var outputs = session.RunAll(chunk.Samples > LongSamples, (Input, input, shape));
            for (var layer = 0; layer < outputs.Length; layer++)
            {
                var output = new FrameMatrix(outputs[layer], outputs[layer].Length / network.Width, 1, network.Width);
                for (var frame = 0; frame < chunk.Frames; frame++)
                    output
                        .GetState(chunk.SkippedFrames + frame, 0)
                        .CopyTo(frames.GetState(chunk.FirstFrame + frame, layer));
            }
        }
        return frames;
    }

    /// <summary>Size of the weights in bytes, up to the deepest selected layer.</summary>
    internal long WeightBytes { get; }

    long IGraphEncoder.WeightBytes => WeightBytes;

    int IGraphEncoder.MaxSamples => MaxSeconds is { } seconds ? (int)(seconds * Waveform.SampleRateHz) : int.MaxValue;

    int IGraphEncoder.CountFrames(int samples) => network.CountFrames(samples);

    GraphValue IGraphEncoder.AddToGraph(GraphBuilder graph, GraphValue samples)
    {
        using var files = CheckpointFiles.Open(folder);
        var weights = new SpeechWeights(files, graph, WeightsLocation.Embedded, network.RequiredTensor);
        var selected = SelectStates(graph, weights, network.AddPreprocessing(graph, samples));
        weights.ThrowIfIncomplete();
        return network.AddFrameSelection(graph, graph.Concat(1, [.. selected]), samples);
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    // A range of layers is averaged.
    private IReadOnlyList<GraphValue> SelectStates(GraphBuilder graph, SpeechWeights weights, GraphValue input)
    {
        var states = network.AddHiddenStates(graph, weights, layers, quantizeInt8, input);
        return layers.Kind != LayerKind.All && states.Count > 1
            ? [graph.Scale(states.Aggregate(graph.Add), 1f / states.Count)]
            : states;
    }

    /// <summary>Identifies a checkpoint without a commit by a hash of its configuration and weight files.</summary>
    internal static string HashFiles(string folder, CheckpointFiles files)
    {
        using var hash = new Sha256();
        string[] paths =
        [
            Path.Combine(folder, SpeechFamilies.Config),
            Path.Combine(folder, SpeechFamilies.Preprocessor),
            .. files.Tensors.Values.Select(tensor => tensor.File).Distinct().Order(StringComparer.Ordinal),
        ];
        foreach (var path in paths.Where(File.Exists))
            hash.AppendFile(path);
        return hash.Finish()[..12];
    }
}
