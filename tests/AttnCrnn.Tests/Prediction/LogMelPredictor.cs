using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Prediction;

/// <summary>A predictor with a small model of log-mel frames; tests share it.</summary>
public sealed class LogMelPredictor : IDisposable
{
    private readonly TempFolder folder = new();

    public LogMelPredictor() => Predictor = EmotionPredictor.Open([LogMelModels.Write(PathOf("model.keras"))], Options);

    public EmotionPredictor Predictor { get; }

    internal static EmotionPredictorOptions Options { get; } = new() { Threads = 2 };

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    /// <summary>The windows of a stream in chunks.</summary>
    internal async Task<List<TimedProbabilities>> PredictStream(
        float[] samples,
        int chunkSize,
        WindowOptions windows,
        int rate = 16_000
    )
    {
        var result = new List<TimedProbabilities>();
        await foreach (var window in Predictor.PredictStreamAsync(Chunks(samples, chunkSize), rate, windows))
            result.Add(window);
        return result;
    }

    internal static async IAsyncEnumerable<ReadOnlyMemory<float>> Chunks(float[] samples, int chunkSize)
    {
        for (var first = 0; first < samples.Length; first += chunkSize)
        {
            await Task.Yield();
            // A chunk is valid until the next one is requested, as one from a device whose buffer is used again.
            var chunk = samples[first..Math.Min(samples.Length, first + chunkSize)];
            yield return chunk;
            Array.Fill(chunk, float.NaN);
        }
    }

    internal static void AssertEqual(
        IEnumerable<TimedProbabilities> expected,
        IEnumerable<TimedProbabilities> actual
    ) => Assert.Equal(expected.Select(Flatten), actual.Select(Flatten));

    private static string Flatten(TimedProbabilities window) =>
        string.Join(
            ' ',
            ((double[])[window.StartSeconds, window.EndSeconds, .. window.Probabilities]).Select(v => $"{v:R}")
        );

    public void Dispose()
    {
        Predictor.Dispose();
        folder.Dispose();
    }
}
