using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;
using AttnCrnn.Options;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A frozen speech encoder from a checkpoint of any family. Clips are not batched, and not padded except to a window of
/// a fixed length on request; a clip longer than a chunk is processed in overlapping chunks, whose frames near the
/// boundaries are discarded. Thread-safe: concurrent calls share the threads of the encoder.
/// </summary>
public sealed class SpeechEncoder : IGraphEncoder
{
    // Increment whenever a change of a graph changes its frames: older stores then become incompatible.
    private const string ArithmeticRevision = "1";

    private const string Input = "input";
    private const long LargeBytes = 64 << 20;
    private const int LongSamples = 10 * Waveform.SampleRateHz; // longer than most clips of a corpus

    private readonly SpeechCheckpoint checkpoint;
    private readonly bool quantizeInt8;
    private readonly ISpeechNetwork network;
    private readonly IFrameGrid grid;
    private readonly LayerSelection layers;
    private readonly OnnxSession session;
    private readonly ChunkPlanner chunks;

    /// <summary>Opens a checkpoint as an encoder.</summary>
    /// <param name="folder">Folder with the files of a checkpoint: configuration, preprocessor and weights.</param>
    /// <param name="name">The encoder's name in stores and models.</param>
    /// <param name="revision">The checkpoint's commit; null: a hash of its files.</param>
    /// <exception cref="InvalidInputException">The folder holds no supported encoder, or the options do not fit
    /// it.</exception>
    public SpeechEncoder(string folder, string name, string? revision, SpeechOptions options)
        : this(SpeechCheckpoint.Open(folder), name, revision, options) { }

    internal SpeechEncoder(SpeechCheckpoint checkpoint, string name, string? revision, SpeechOptions options)
    {
        this.checkpoint = checkpoint;
        quantizeInt8 = options.Precision == SpeechPrecision.Int8;
        using var files = checkpoint.OpenWeights(); // first, so that a damaged file is reported as damaged
        network = checkpoint.ReadNetwork(options);
        layers = LayerSelection.Parse(
            options.Layers.Length > 0 ? options.Layers : network.DefaultLayers,
            network.Layers
        );
        grid = network.GetGrid(layers);
        var defaultSeconds = Math.Min(SpeechOptions.DefaultChunkSeconds, network.MaxSeconds);
        var chunkSeconds = options.ChunkSeconds ?? defaultSeconds;
        if (chunkSeconds > network.MaxSeconds)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Chunk} {chunkSeconds}: {name} processes at most {network.MaxSeconds} seconds at "
                        + $"once; omit {OptionKeys.Chunk}, or reduce it"
                )
            );
        chunks = new ChunkPlanner(chunkSeconds, grid);
        MaxSeconds = double.IsInfinity(network.MaxSeconds) ? null : chunkSeconds;
        // Hashing a large checkpoint takes seconds, so it runs while the graph is built; the constructor waits for it
        // at the end, which is computation, not network.
        var hash = (revision ?? files.Revision) is null ? Task.Run(() => checkpoint.ComputeHash(files)) : null;
        var graph = new GraphBuilder("speech encoder");
        var weights = CreateWeights(files, graph, WeightsLocation.MemoryMapped);
        var selected = SelectStates(graph, weights, network.CreateInput(graph, Input));
        for (var i = 0; i < selected.Count; i++)
            graph.AddOutput($"frames_{i}", selected[i], -1, network.Width);
        weights.ThrowIfIncomplete();
        session = new OnnxSession(
            graph.ToModel(),
            options.Threads,
            weights.Folder ?? checkpoint.Folder.Path,
            options.UseCuda
        );
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
            $"{revision ?? files.Revision ?? hash!.GetAwaiter().GetResult()}-{ArithmeticRevision}{suffix}",
            layers.ToString(),
            (double)Waveform.SampleRateHz / grid.Hop,
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
        var count = grid.CountFrames(samples.Length);
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

    /// <summary>What was assumed because the checkpoint lacks a file or a setting, one line each.</summary>
    internal IEnumerable<string> Notices => checkpoint.ListNotices(Description.Name);

    /// <summary>Size of the weights in bytes, up to the deepest selected layer.</summary>
    internal long WeightBytes { get; }

    long IGraphEncoder.WeightBytes => WeightBytes;

    int IGraphEncoder.MaxSamples => MaxSeconds is { } seconds ? (int)(seconds * Waveform.SampleRateHz) : int.MaxValue;

    int IGraphEncoder.CountFrames(int samples) => grid.CountFrames(samples);

    GraphValue IGraphEncoder.AddToGraph(GraphBuilder graph, GraphValue samples)
    {
        using var files = checkpoint.OpenWeights();
        var weights = CreateWeights(files, graph, WeightsLocation.Embedded);
        var selected = SelectStates(graph, weights, network.AddPreprocessing(graph, samples));
        weights.ThrowIfIncomplete();
        return network.AddFrameSelection(graph, graph.Concat(1, [.. selected]), samples);
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private SpeechWeights CreateWeights(CheckpointFiles files, GraphBuilder graph, WeightsLocation location) =>
        new(files, graph, location, network.RequiredTensor, checkpoint.Family.Layout.ConfigFile);

    // A range of layers is averaged.
    private IReadOnlyList<GraphValue> SelectStates(GraphBuilder graph, SpeechWeights weights, GraphValue input)
    {
        var states = network.AddHiddenStates(graph, weights, layers, quantizeInt8, input);
        return layers.Kind != LayerKind.All && states.Count > 1
            ? [graph.Scale(states.Aggregate(graph.Add), 1f / states.Count)]
            : states;
    }
}
