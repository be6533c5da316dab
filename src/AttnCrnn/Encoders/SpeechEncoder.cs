using System.Security.Cryptography;
using AttnCrnn.Audio;
using AttnCrnn.Formats;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders;

/// <summary>
/// A frozen wav2vec 2.0, HuBERT or WavLM from a Hugging Face checkpoint. A clip goes through it alone, never padded and never beside another; one that is longer
/// than a piece goes in overlapping pieces whose seams are dropped.
/// </summary>
public sealed class SpeechEncoder : IGraphEncoder
{
    // To be raised whenever the graph changes in a way that frames show: stores of the old one then stay apart.
    private const string ArithmeticRevision = "1";

    private const int LongSamples = 10 * Waveform.SampleRateHz; // longer than most clips of a corpus

    private readonly string folder;
    private readonly bool byEightBits;
    private readonly long weightBytes;
    private readonly SpeechConfig config;
    private readonly SpeechPreprocessing preprocessing;
    private readonly LayerChoice layers;
    private readonly OnnxSession session;
    private readonly Pieces pieces;

    /// <summary>Opens a checkpoint as an encoder of the layers that are asked for.</summary>
    /// <param name="folder">A checkpoint as the hub lays it out: config.json, preprocessor_config.json, the weights.</param>
    /// <param name="name">What it is called in stores and models.</param>
    /// <param name="revision">The checkpoint's commit; null: a hash of its files.</param>
    /// <exception cref="RefusedException">The folder holds no encoder that this program knows; the message says what is amiss.</exception>
    public SpeechEncoder(string folder, string name, string? revision, SpeechOptions options)
    {
        (this.folder, byEightBits) = (folder, options.Precision == SpeechPrecision.EightBits);
        var preprocessor = Path.Combine(folder, "preprocessor_config.json");
        config = SpeechConfig.Read(Path.Combine(folder, "config.json"));
        preprocessing = SpeechPreprocessing.Read(File.Exists(preprocessor) ? preprocessor : null);
        layers = LayerChoice.Parse(options.Layers, config.Layers);
        pieces = new Pieces(options.ChunkSeconds, config);
        using var files = CheckpointFiles.Open(folder);
        var (model, weights) = SpeechGraph.Build(config, files, layers, byEightBits);
        weightBytes = files.Tensors.Values.Sum(tensor => sizeof(float) * tensor.Count);
        session = new OnnxSession(model, options.Threads, weights ?? folder, options.OnCuda);
        // Building took some copies of what was folded: an eighth of the network, which need not stay resident for the hours of an extraction.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Description = new(
            name, $"{revision ?? HashOf(folder, files)}-{ArithmeticRevision}{options.RevisionSuffix}", layers.ToString(), (double)Waveform.SampleRateHz / config.Hop, config.Hidden, layers.Kept);
        if (config.Recognises && layers.First == config.Layers)
            Warning = $"{name} was fine-tuned to recognise words, and its last layer knows letters more than voices (docs/encoders.md has published figures): try --layers {LayerChoice.Default}";
    }

    /// <inheritdoc/>
    public EncoderDescription Description { get; }

    /// <summary>What a user should know of this choice; null: nothing.</summary>
    public string? Warning { get; }

    /// <inheritdoc/>
    public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
    {
        var (samples, width) = (preprocessing.Apply(waveform), Description.FrameWidth);
        var frames = config.Frames(samples.Length);
        var values = new float[checked(frames * width)];
        foreach (var piece in pieces.Of(samples.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var input = piece.Samples == samples.Length ? samples : samples.AsSpan(piece.FirstSample, piece.Samples).ToArray();
            var outputs = session.RunAll(input.Length > LongSamples, (SpeechGraph.Input, input, [1, 1, 1, input.Length]));
            for (var frame = 0; frame < piece.Kept; frame++)
                for (var layer = 0; layer < outputs.Length; layer++)
                    outputs[layer].AsSpan((piece.Dropped + frame) * config.Hidden, config.Hidden).CopyTo(values.AsSpan(((piece.FirstKept + frame) * width) + (layer * config.Hidden)));
        }
        return new(values, frames, layers.Kept, config.Hidden);
    }

    long IGraphEncoder.WeightBytes => weightBytes;

    int IGraphEncoder.FrameCount(int samples) => config.Frames(samples);

    GraphValue IGraphEncoder.Frames(GraphBuilder graph, GraphValue samples)
    {
        using var files = CheckpointFiles.Open(folder);
        return SpeechGraph.Add(graph, config, files, layers, byEightBits, graph.Unsqueeze(preprocessing.Add(graph, samples), 0, 1, 2));
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();

    private static string HashOf(string folder, CheckpointFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] paths = [Path.Combine(folder, "config.json"), Path.Combine(folder, "preprocessor_config.json"), .. files.Tensors.Values.Select(of => of.File).Distinct().Order(StringComparer.Ordinal)];
        var buffer = new byte[1 << 20];
        foreach (var path in paths.Where(File.Exists))
        {
            using var stream = File.OpenRead(path);
            for (int read; (read = stream.Read(buffer)) > 0;) hash.AppendData(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];
    }
}
