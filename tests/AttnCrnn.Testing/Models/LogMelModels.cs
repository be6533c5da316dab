using AttnCrnn.Encoders;
using AttnCrnn.Models;

namespace AttnCrnn.Testing.Models;

/// <summary>Files of small models with random weights, whose frames are log-mel.</summary>
internal static class LogMelModels
{
    private static readonly NetworkOptions Network = new(80, 3)
    {
        Conv1Filters = 8,
        Conv2Filters = 8,
        LstmUnits = 6,
        DenseUnits = 10,
    };

    /// <returns>The path.</returns>
    public static string Write(string path, int seed = 1, string normalization = "corpus")
    {
        using var encoder = new LogMelEncoder();
        var model = RandomModelBuilder.Create(Network, seed, normalization, encoder: encoder.Description);
        ModelFileWriter.Write(path, model.Model, model.Tensors);
        return path;
    }

    /// <summary>A run of folds with different models, without logs and results.</summary>
    /// <returns>The paths of the models.</returns>
    public static string[] WriteFolds(string workFolder, string run, int folds) =>
        [
            .. Enumerable
                .Range(1, folds)
                .Select(fold =>
                    Write(
                        Path.Combine(workFolder, "checkpoints", run, $"fold_{fold}", "best_attn_crnn_model.keras"),
                        fold
                    )
                ),
        ];

    /// <summary>A tone whose pitch and loudness change, so that windows and speakers differ.</summary>
    /// <returns>[samples], at the sample rate.</returns>
    public static float[] Sweep(double seconds, int sampleRateHz = 16_000, double loudness = 0.3) =>
        [
            .. Enumerable
                .Range(0, (int)(seconds * sampleRateHz))
                .Select(i => (double)i / sampleRateHz)
                .Select(t => (float)(loudness * Math.Sin(900 * t * (1 + t)) * (1 + Math.Sin(5 * t)) / 2)),
        ];
}
