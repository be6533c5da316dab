using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>
/// w2v-BERT 2.0 as transformers' Wav2Vec2BertModel computes it from one clip. Its input is filter banks, of which two
/// neighboring frames become one of 20 ms. If their number is odd, the last frame is half padding: it is computed, but
/// the others do not see it.
/// </summary>
internal sealed class Wav2Vec2BertNetwork(Wav2Vec2BertConfig config, FilterBankSettings features) : ISpeechNetwork
{
    private readonly FilterBanks filterBanks = new(features.Bands);

    public string RequiredTensor => "feature_projection.projection.weight";

    public int Layers => config.Layers;

    public int Width => config.Shape.Width;

    public string DefaultLayers => WaveformNetwork.MiddleLayers;

    public double MaxSeconds => double.PositiveInfinity;

    public string RevisionSuffix => "";

    public int Hop => FilterBankSettings.Stride * FilterBanks.HopSamples;

    public int CountFrames(int samples) =>
        (FilterBanks.CountFrames(samples) + FilterBankSettings.Stride - 1) / FilterBankSettings.Stride;

    public int CountSamples(int frames) => FilterBanks.CountSamples(FilterBankSettings.Stride * frames);

    public string? DescribeWarning(LayerSelection layers) =>
        config.IsSpeechRecognizer ? SpeechRecognizer.DescribeWarning(layers, Layers, DefaultLayers) : null;

    public float[] PrepareSamples(ReadOnlySpan<float> waveform) => waveform.ToArray();

    public (float[] Values, int[] Shape) CreateInput(ReadOnlySpan<float> samples)
    {
        var values = filterBanks.Compute(samples);
        return (values, [values.Length / features.Bands, features.Bands]);
    }

    public GraphValue CreateInput(GraphBuilder graph, string name) => graph.AddInput(name, -1, features.Bands);

    public GraphValue AddPreprocessing(GraphBuilder graph, GraphValue samples) =>
        FilterBankGraph.Add(graph, samples, features.Bands);

    public IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    )
    {
        const int stride = FilterBankSettings.Stride;
        var parts = new SpeechLayers(graph, weights, quantizeInt8);
        var filterBankCount = graph.Length(input, 0);
        var count = graph.DivideInt64(graph.AddInt64(filterBankCount, stride - 1), stride);
        var mask = AddMask(graph, filterBankCount, count); // [frames, 1]
        var x = AddPairs(graph, input, count); // [frames, 2 bands]
        x = graph.Multiply(config.Projection.AddToGraph(graph, weights, parts, x), mask); // [frames, width]
        var conformer = new ConformerLayers(graph, weights, parts, config.Shape, mask);
        List<GraphValue> states = [x];
        if (layers.Last > 0)
        {
            var attention = new RelativeKeyAttention(graph, weights, conformer, config, mask);
            for (var layer = 0; layer < layers.Last; layer++)
                states.Add(x = conformer.Add(x, $"encoder.layers.{layer}", attention.Add));
        }
        return states[layers.First..];
    }

    // A last pair of which the second frame is padding counts as padding; at least one pair is whole.
    public GraphValue AddPaddingRemoval(GraphBuilder graph, GraphValue state, GraphValue input) =>
        graph.SliceEnd(state, 0, graph.DivideInt64(graph.Length(input, 0), FilterBankSettings.Stride));

    private GraphValue AddPairs(GraphBuilder graph, GraphValue input, GraphValue count)
    {
        var padding = graph.Constant(
            "padding frame",
            [.. Enumerable.Repeat(features.PaddingValue, features.Bands)],
            1,
            features.Bands
        );
        var even = graph.SliceEnd(
            graph.Concat(0, input, padding),
            0,
            graph.Multiply(count, graph.Int64(FilterBankSettings.Stride))
        );
        return graph.Reshape(even, -1, FilterBankSettings.Stride * features.Bands);
    }

    // A pair counts as padding if its second frame is.
    private static GraphValue AddMask(GraphBuilder graph, GraphValue filterBankCount, GraphValue count)
    {
        var second = graph.AddInt64(graph.Multiply(graph.Range(count), graph.Int64(FilterBankSettings.Stride)), 1);
        return graph.Unsqueeze(graph.ToFloat32(graph.Less(second, filterBankCount)), 1);
    }
}
