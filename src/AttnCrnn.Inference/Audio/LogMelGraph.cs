using AttnCrnn.Onnx;

namespace AttnCrnn.Audio;

/// <summary>
/// <see cref="LogMel"/> as ONNX operators, also in float64. The DFT is a matrix product of 400 samples with 201
/// windowed cosines and 201 windowed sines: about forty times the cost of an FFT, but small compared with the
/// network. ONNX's STFT operator is missing in many runtimes.
/// </summary>
internal static class LogMelGraph
{
    private const int Bins = (LogMel.WindowSamples / 2) + 1;

    /// <param name="samples">[samples], longer than half a window.</param>
    /// <param name="bands">Number of mel bands between 0 and 8 kHz.</param>
    /// <returns>[1 + samples / 160, bands].</returns>
    public static GraphValue AddFrames(GraphBuilder graph, GraphValue samples, int bands = LogMel.Bands)
    {
        const int window = LogMel.WindowSamples;
        const int hop = LogMel.HopSamples;
        var first = graph.Multiply(
            graph.Range(graph.AddInt64(graph.DivideInt64(graph.Length(samples, 0), hop), 1)),
            graph.Int64(hop)
        ); // [frames]
        var indices = graph.Add(
            graph.Unsqueeze(first, 1),
            graph.Int64s("window", [.. Enumerable.Range(0, window).Select(i => (long)i)], window)
        );
        var padded = graph.PadByReflection(samples, window / 2);
        var windows = graph.ToFloat64(graph.Gather(padded, indices, 0)); // [frames, 400]
        // [frames, 402]
        var waves = graph.MatMul(windows, graph.Constant("windowed waves", CreateWaves(), window, 2 * Bins));
        var filters = new LogMelFilters(bands, LogMel.WindowSamples, Waveform.SampleRateHz);
        var powers = graph.MatMul(
            graph.Multiply(waves, waves),
            graph.Constant("mel filters", StackFilters(filters.ToMatrix(Bins)), 2 * Bins, bands)
        );
        // [frames, bands]
        var logarithms = graph.Log(graph.Max(powers, graph.Constant("floor", [LogMel.Floor])));
        return graph.ToFloat32(graph.Multiply(logarithms, graph.Constant("log10 e", [1 / Math.Log(10)])));
    }

    // [400, 402]: the window times the cosines, then the sines, of 0 to 200 cycles per window.
    private static double[] CreateWaves()
    {
        var hann = LogMel.CreatePeriodicHann(LogMel.WindowSamples);
        var waves = new double[LogMel.WindowSamples * 2 * Bins];
        for (var i = 0; i < LogMel.WindowSamples; i++)
        for (var bin = 0; bin < Bins; bin++)
        {
            // Reduce the angle modulo one cycle first, to keep its precision.
            var (sine, cosine) = Math.SinCos(2 * Math.PI * (i * bin % LogMel.WindowSamples) / LogMel.WindowSamples);
            waves[(i * 2 * Bins) + bin] = hann[i] * cosine;
            waves[(i * 2 * Bins) + Bins + bin] = hann[i] * sine;
        }
        return waves;
    }

    /// <summary>The filters twice, so that the product adds squared cosines and squared sines.</summary>
    /// <param name="matrix">[bands, bins].</param>
    /// <returns>[2 bins, bands].</returns>
    public static double[] StackFilters(double[,] matrix)
    {
        var bands = matrix.GetLength(0);
        var bins = matrix.GetLength(1);
        var filters = new double[2 * bins * bands];
        for (var row = 0; row < 2 * bins; row++)
        for (var band = 0; band < bands; band++)
            filters[(row * bands) + band] = matrix[band, row % bins];
        return filters;
    }
}
