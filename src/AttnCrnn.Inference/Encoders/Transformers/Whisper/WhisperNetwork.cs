using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>
/// A Whisper encoder. Its input is the log-mel spectrogram of transformers' WhisperFeatureExtractor, of the clip alone
/// or padded with silence to the model's window. N samples give, at the clip's own length, ⌊N / 160⌋ mel frames and
/// ⌈⌊N / 160⌋ / 2⌉ frames, so none below 160 samples; padded, ⌈N / 320⌉ frames: those that overlap the
/// clip.
/// </summary>
internal sealed class WhisperNetwork(WhisperConfig config, EncoderContext context) : ISpeechNetwork
{
    /// <summary>Samples from one frame to the next: 20 ms.</summary>
    public const int HopSamples = 2 * LogMel.HopSamples;

    private const float DynamicRange = 8; // in powers of ten below the window's maximum, where values are clipped

    private readonly LogMel logMel = new(config.MelBands);

    public string RequiredTensor => "conv1.weight";

    public int Layers => config.Layers;

    public int Width => config.Width;

    public int Hop => HopSamples;

    /// <summary>
    /// The middle layer, the best one in linear probes on mean and standard deviation (docs/encoders.md).
    /// </summary>
    public string DefaultLayers => $"{Math.Max(1, config.Layers / 2)}";

    public double MaxSeconds => (double)config.WindowSamples / Waveform.SampleRateHz;

    public string RevisionSuffix =>
        context == EncoderContext.Padded ? $"-{SpeechOptions.PaddedSuffix}" : $"-{SpeechOptions.ClipSuffix}";

    public int CountFrames(int samples) =>
        context == EncoderContext.Padded
            ? (samples + HopSamples - 1) / HopSamples
            : ((samples / LogMel.HopSamples) + 1) / 2;

    public int CountSamples(int frames) => frames * HopSamples;

    public string? DescribeWarning(LayerSelection layers) => null;

    public float[] PrepareSamples(ReadOnlySpan<float> waveform) => waveform.ToArray();

    public (float[] Values, int[] Shape) CreateInput(ReadOnlySpan<float> samples)
    {
        if (context == EncoderContext.Padded)
        {
            var window = new float[config.WindowSamples];
            samples.CopyTo(window);
            samples = window;
        }
        var values = ComputeLogMel(samples);
        return (values, [values.Length / config.MelBands, config.MelBands]);
    }

    public GraphValue CreateInput(GraphBuilder graph, string name) => graph.AddInput(name, -1, config.MelBands);

    public GraphValue AddPreprocessing(GraphBuilder graph, GraphValue samples)
    {
        // There are no position embeddings beyond the window; the model's metadata states the limit.
        samples = graph.Slice(samples, 0, 0, config.WindowSamples);
        if (context == EncoderContext.Padded)
            samples = graph.PadToLength(samples, 0, 1, config.WindowSamples);
        // [mel frames, bands], without the last one.
        var powers = graph.Slice(LogMelGraph.AddFrames(graph, samples, config.MelBands), 0, 0, -1);
        var floor = graph.AddConstant(graph.ReduceMax(graph.ReduceMax(powers, 0), 1), -DynamicRange);
        return graph.Scale(graph.AddConstant(graph.Max(powers, floor), 4), 0.25f);
    }

    public IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    ) => new WhisperGraph(graph, config, weights, quantizeInt8).SelectStates(layers, input);

    public GraphValue AddFrameSelection(GraphBuilder graph, GraphValue frames, GraphValue samples)
    {
        if (context == EncoderContext.Clip)
            return frames;
        var count = graph.DivideInt64(graph.AddInt64(graph.Length(samples, 0), HopSamples - 1), HopSamples);
        return graph.Gather(frames, graph.Range(graph.Clip(count, 0, config.Positions)), 0);
    }

    /// <summary>log10 of the mel powers, clipped at 8 below the window's maximum, then (x + 4) / 4.</summary>
    /// <param name="samples">[samples], the whole window.</param>
    /// <returns>[samples / 160, bands].</returns>
    internal float[] ComputeLogMel(ReadOnlySpan<float> samples)
    {
        var values = logMel.Compute(samples, samples.Length / LogMel.HopSamples);
        var max = float.NegativeInfinity;
        foreach (var value in values)
            max = Math.Max(max, value);
        for (var i = 0; i < values.Length; i++)
            values[i] = (Math.Max(values[i], max - DynamicRange) + 4) / 4;
        return values;
    }
}
