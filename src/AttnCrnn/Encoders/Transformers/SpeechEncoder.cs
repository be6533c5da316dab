using System.Globalization;
using System.Security.Cryptography;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A frozen speech encoder from a checkpoint as the Hugging Face hub lays it out: wav2vec 2.0, HuBERT, WavLM, or
/// Whisper's. A clip goes through it alone, never beside another, and never padded but for Whisper's own window where
/// that is asked for; one that is longer than a chunk goes in overlapping chunks whose seams are dropped.
/// </summary>
public sealed class SpeechEncoder : IGraphEncoder
{
    // To be raised whenever a graph changes in a way that frames show: stores of the old one then stay apart.
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

    /// <summary>Opens a checkpoint as an encoder of the layers that are asked for.</summary>
    /// <param name="folder">A checkpoint: config.json, preprocessor_config.json, the weights.</param>
    /// <param name="name">What it is called in stores and models.</param>
    /// <param name="revision">The checkpoint's commit; null: a hash of its files.</param>
    /// <exception cref="InvalidInputException">The folder holds no encoder that this program knows, or the options do not
    /// fit it; the message says what is amiss.</exception>
    public SpeechEncoder(string folder, string name, string? revision, SpeechOptions options)
    {
        this.folder = folder;
        quantizeInt8 = options.Precision == SpeechPrecision.Int8;
        using var files = CheckpointFiles.Open(folder); // first: a damaged configuration is said to be damaged
        network = SpeechFamilies.Read(folder, options);
        layers = LayerSelection.Parse(
            options.Layers.Length > 0 ? options.Layers : network.DefaultLayers,
            network.Layers
        );
        var defaultSeconds = Math.Min(SpeechOptions.DefaultChunkSeconds, network.MaxSeconds);
        var chunkSeconds = options.ChunkSeconds ?? defaultSeconds;
        if (chunkSeconds > network.MaxSeconds)
            throw new InvalidInputException(
                $"--chunk {chunkSeconds}: {name} takes at most {network.MaxSeconds} seconds at once; leave "
                    + "--chunk out, or give less"
            );
        chunks = new ChunkPlanner(chunkSeconds, network);
        MaxSeconds = double.IsInfinity(network.MaxSeconds) ? null : chunkSeconds;
        var graph = new GraphBuilder("speech encoder");
        var weights = new SpeechWeights(files, graph, WeightsLocation.InTheirFiles, network.RequiredTensor);
        var kept = StatesToKeep(graph, weights, network.Input(graph, Input));
        for (var i = 0; i < kept.Count; i++)
            graph.Output($"frames_{i}", kept[i], -1, network.Width);
        weights.ThrowIfIncomplete();
        session = new OnnxSession(graph.ToModel(), options.Threads, weights.Folder ?? folder, options.UseCuda);
        WeightBytes = weights.Bytes;
        // Building took some copies of what was folded: an eighth of a large network, which need not stay resident for
        // the hours of an extraction. A small one is not worth the wait.
        if (WeightBytes > LargeBytes)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var chunk =
            chunkSeconds == defaultSeconds
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"-{SpeechOptions.ChunkSuffix}{chunkSeconds}");
        var suffix = $"{(quantizeInt8 ? $"-{SpeechOptions.Int8Suffix}" : "")}{chunk}{network.RevisionSuffix}";
        Description = new(
            name,
            $"{revision ?? files.Revision ?? HashOf(folder, files)}-{ArithmeticRevision}{suffix}",
            layers.ToString(),
            (double)Waveform.SampleRateHz / network.Hop,
            network.Width,
            layers.LayersToKeep
        );
        if (network.Warning(layers) is { } warning)
            Warning = $"{name} {warning}";
    }

    /// <inheritdoc/>
    public EncoderDescription Description { get; }

    /// <summary>What a user should know of this choice; null: nothing.</summary>
    public string? Warning { get; }

    /// <summary>
    /// The longest recording that a network with a window takes at once, in seconds; null: it has no window. A longer
    /// recording goes in chunks.
    /// </summary>
    public double? MaxSeconds { get; }

    /// <inheritdoc/>
    public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
    {
        var (samples, width) = (network.Prepare(waveform), Description.FrameWidth);
        var frames = network.Frames(samples.Length);
        var values = new float[checked(frames * width)];
        foreach (var chunk in chunks.Plan(samples.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (input, shape) = network.Input(samples.AsSpan(chunk.FirstSample, chunk.Samples));
            var outputs = session.RunAll(chunk.Samples > LongSamples, (Input, input, shape));
            for (var frame = 0; frame < chunk.Kept; frame++)
            for (var layer = 0; layer < outputs.Length; layer++)
                outputs[layer]
                    .AsSpan((chunk.Dropped + frame) * network.Width, network.Width)
                    .CopyTo(values.AsSpan(((chunk.FirstKept + frame) * width) + (layer * network.Width)));
        }
        return new(values, frames, layers.LayersToKeep, network.Width);
    }

    /// <summary>Bytes of its weights, up to the deepest layer that is wanted.</summary>
    internal long WeightBytes { get; }

    long IGraphEncoder.WeightBytes => WeightBytes;

    int IGraphEncoder.MaxSamples => MaxSeconds is { } seconds ? (int)(seconds * Waveform.SampleRateHz) : int.MaxValue;

    int IGraphEncoder.FrameCount(int samples) => network.Frames(samples);

    GraphValue IGraphEncoder.Frames(GraphBuilder graph, GraphValue samples)
    {
        using var files = CheckpointFiles.Open(folder);
        var weights = new SpeechWeights(files, graph, WeightsLocation.InTheGraph, network.RequiredTensor);
        var kept = StatesToKeep(graph, weights, network.Preprocess(graph, samples));
        weights.ThrowIfIncomplete();
        return network.FramesKept(graph, graph.Concatenate(1, [.. kept]), samples);
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    // A range of layers is their mean.
    private IReadOnlyList<GraphValue> StatesToKeep(GraphBuilder graph, SpeechWeights weights, GraphValue input)
    {
        var states = network.HiddenStates(graph, weights, layers, quantizeInt8, input);
        return layers.Kind != LayerKind.All && states.Count > 1
            ? [graph.Scale(states.Aggregate(graph.Add), 1f / states.Count)]
            : states;
    }

    /// <summary>
    /// What a checkpoint without a commit is known by: a hash of its configuration and of every file of its weights.
    /// </summary>
    internal static string HashOf(string folder, CheckpointFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] paths =
        [
            Path.Combine(folder, "config.json"),
            Path.Combine(folder, "preprocessor_config.json"),
            .. files
                .Tensors.Values.Select(checkpointTensor => checkpointTensor.File)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        var buffer = new byte[1 << 20];
        foreach (var path in paths.Where(File.Exists))
        {
            using var stream = File.OpenRead(path);
            for (int read; (read = stream.Read(buffer)) > 0; )
                hash.AppendData(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
