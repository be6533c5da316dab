using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>
/// <see cref="FilterBanks"/> as ONNX operators, also in float64. Everything up to the transform is linear, so that one
/// matrix product of 400 samples with 257 waves and as many shifted ones computes it.
/// </summary>
internal static class FilterBankGraph
{
    /// <summary>Adds the normalized frames of a recording.</summary>
    /// <param name="samples">[samples], 16 kHz mono.</param>
    /// <returns>[frames, bands].</returns>
    public static GraphValue Add(GraphBuilder graph, GraphValue samples, int bands)
    {
        const int window = FilterBanks.WindowSamples;
        const int hop = FilterBanks.HopSamples;
        var count = graph.AddInt64(graph.DivideInt64(graph.AddInt64(graph.Length(samples, 0), -window), hop), 1);
        var indices = graph.Add(
            graph.Unsqueeze(graph.Multiply(graph.Range(count), graph.Int64(hop)), 1),
            graph.Int64s("window", [.. Enumerable.Range(0, window).Select(i => (long)i)], window)
        );
        var windows = graph.ToFloat64(graph.Gather(samples, indices, 0)); // [frames, 400]
        var waves = graph.MatMul(
            windows,
            graph.Constant("filter bank waves", CreateWaves(), window, 2 * FilterBanks.Bins)
        );
        var powers = graph.MatMul(
            graph.Multiply(waves, waves),
            graph.Constant(
                "filter banks",
                LogMelGraph.StackFilters(FilterBanks.CreateFilters(bands)),
                2 * FilterBanks.Bins,
                bands
            )
        );
        var logarithms = graph.Log(graph.Max(powers, graph.Constant("filter bank floor", [FilterBanks.Floor])));
        var differences = graph.Subtract(logarithms, graph.Mean(logarithms, 0));
        var variance = graph.Divide(
            graph.Sum(graph.Multiply(differences, differences), 0),
            graph.ToFloat64(graph.AddInt64(count, -1))
        );
        return graph.ToFloat32(
            graph.Divide(
                differences,
                graph.Sqrt(graph.Add(variance, graph.Constant("filter bank epsilon", [FilterBanks.Epsilon])))
            )
        );
    }

    // [400, 2 bins]: cosines, then sines, of the transform of a window without its mean and with pre-emphasis.
    private static double[] CreateWaves()
    {
        const int samples = FilterBanks.WindowSamples;
        const int columns = 2 * FilterBanks.Bins;
        var window = FilterBanks.CreateWindow();
        var waves = new double[samples * columns];
        for (var column = 0; column < columns; column++)
        {
            var bin = column % FilterBanks.Bins;
            double Wave(int i)
            {
                // Reduce the angle modulo one cycle first, to keep its precision.
                var angle = 2 * Math.PI * (i * bin % FilterBanks.TransformSamples) / FilterBanks.TransformSamples;
                return window[i] * (column < FilterBanks.Bins ? Math.Cos(angle) : Math.Sin(angle));
            }
            double sum = 0;
            for (var i = 0; i < samples; i++)
            {
                // The first sample is its current predecessor.
                var current = Wave(i) * (i == 0 ? 1 - FilterBanks.PreEmphasis : 1);
                var next = i + 1 < samples ? Wave(i + 1) : 0;
                waves[(i * columns) + column] = FilterBanks.Scale * (current - (FilterBanks.PreEmphasis * next));
                sum += waves[(i * columns) + column];
            }
            for (var i = 0; i < samples; i++)
                waves[(i * columns) + column] -= sum / samples;
        }
        return waves;
    }
}
